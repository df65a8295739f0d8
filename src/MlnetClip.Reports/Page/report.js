'use strict';
(function () {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const narrow = window.matchMedia('(max-width: 600px)');
  const charts = Array.from(document.querySelectorAll('.chart'));
  const style = () => getComputedStyle(document.documentElement);
  let printing = false;

  // Colors are names such as "$blue-area"; the style sheet has their values.
  const light = { '$blue': '#2368c4', '$orange': '#c2610c', '$green': '#1a7f4b', '$red': '#c62f2f', '$purple': '#7b4bb7', '$gray': '#7a8492' };
  function color(name) {
    if (printing && light[name]) return light[name];
    return style().getPropertyValue('--' + name.slice(1)).trim();
  }

  function painted(value) {
    if (typeof value === 'string') return value[0] === '$' ? color(value) : value;
    if (Array.isArray(value)) return value.length > 0 && typeof value[0] === 'number' ? value : value.map(painted);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item)]));
  }

  function axis(given) {
    const line = printing ? '#cccccc' : color('$line');
    return Object.assign({ gridcolor: line, linecolor: line, zerolinecolor: line, exponentformat: 'power' }, given);
  }

  // Of a chart with a list of series, what belongs to the chosen one.
  function chosen(chart, items) {
    const list = document.getElementById(chart.id + '-choice');
    return list ? items.filter(item => item.choice === undefined || item.choice === list.selectedIndex) : items;
  }

  function draw(chart) {
    const figure = painted(JSON.parse(document.getElementById(chart.id + '-data').textContent));
    const given = figure.layout;
    const text = printing ? '#000000' : color('$text');
    const layout = Object.assign({}, given, {
      font: { color: text, size: narrow.matches ? 11 : 13, family: getComputedStyle(document.body).fontFamily },
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      margin: { l: narrow.matches ? 58 : 72, r: 16, t: 24, b: 60 },
      legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' },
      hoverlabel: { bgcolor: printing ? '#ffffff' : color('$panel'), font: { color: text } },
      xaxis: axis(given.xaxis), yaxis: axis(given.yaxis), shapes: chosen(chart, given.shapes || [])
    });
    return Plotly.react(chart, chosen(chart, figure.data), layout, { responsive: true, displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d'] });
  }

  // From the top. The browser shows the charts of the first screen before the others are drawn, several at a time: to show the page takes as long as to draw a chart.
  let drawing = 0;
  async function drawAll() {
    const mine = ++drawing;
    let below = 0;
    for (const chart of charts) {
      if (chart.getBoundingClientRect().top > window.innerHeight && below++ % 8 === 0) await new Promise(resolve => setTimeout(resolve));
      if (mine !== drawing) return;
      await draw(chart);
    }
    if (mine !== drawing) return;
    document.documentElement.dataset.drawn = Math.round(performance.now()); // milliseconds after the page was asked for
  }

  for (const chart of charts) document.getElementById(chart.id + '-choice')?.addEventListener('change', () => draw(chart));
  dark.addEventListener('change', drawAll);
  narrow.addEventListener('change', drawAll);
  window.addEventListener('beforeprint', () => { printing = true; drawing++; charts.forEach(draw); });
  window.addEventListener('afterprint', () => { printing = false; drawAll(); });
  drawAll();
})();
