using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>
/// The weights' gradient of one or two blocks of units against sums in double: narrow and wide inputs, rows around the depth block of 512,
/// inputs that begin later or end earlier, and nothing written outside the units' rows.
/// </summary>
[TestClass]
public sealed unsafe class WeightGradientTests
{
    private const int U = Panel.UnitBlock;

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void MatchesTheSumsInDouble(string path)
    {
        KernelSet kernels = Paths.Kernels(path);
        foreach (int gates in new[] { 1, 4 })
            foreach (int units in new[] { 1, 7, 8, 9, 16, 17, 32 })
                foreach (int columns in new[] { 1, 5, 24, 25, 32, 33, 70 })
                    foreach (var (rows, firstRow, endRow) in new[] { (1, 0, 1), (3, 1, 3), (40, 8, 40), (40, 0, 33), (513, 0, 513), (600, 530, 600), (600, 5, 520), (1030, 0, 1030) })
                        Compare(kernels, gates, units, columns, rows, firstRow, endRow);
    }

    private static void Compare(KernelSet kernels, int gates, int units, int columns, int rows, int firstRow, int endRow)
    {
        int padded = Panel.PadUnits(units), total = padded + 3; // units of the layer: those here are one of its parts
        int dZRow = (gates * padded) + 32, width = kernels.PanelWidth, panels = (columns + width - 1) / width;
        bool isNarrow = columns <= KernelSet.NarrowColumns;
        var random = new SeededRandom((ulong)((columns * 1000) + rows + units));
        var dZ = new AlignedBuffer((rows * dZRow) + Panel.MaxWidth);
        foreach (ref float value in dZ.Span) value = (2 * random.NextSingle()) - 1;

        // Narrow inputs are plain rows without room behind them, wide ones panels.
        var x = new GuardedBuffer(isNarrow ? rows * columns : rows * panels * width, misalignment: 1);
        foreach (ref float value in x.Span) value = (2 * random.NextSingle()) - 1;
        int xRow = isNarrow ? columns : width, panel = isNarrow ? 0 : rows * width;
        var gradient = new GuardedBuffer(gates * total * columns, misalignment: 3);
        gradient.Span.Fill(-77f);
        GuardedBuffer sums = new(gates * padded, 2), scratch = new(KernelSet.ScratchLength);
        fixed (float* px = x.Span, pg = gradient.Span, ps = sums.Span, pw = scratch.Span)
        {
            var term = new GradientTerm(px, xRow, panel, columns, firstRow, endRow, pg, total * columns);
            kernels.WeightGradient(dZ.Pointer, dZRow, rows, gates, units, &term, 1, ps, pw);
        }

        foreach (GuardedBuffer buffer in new[] { x, gradient, sums, scratch }) buffer.Check();
        string where = $"{gates} gates, {units} units, {columns} columns, {rows} rows, inputs from {firstRow} to {endRow}";
        for (int gate = 0; gate < gates; gate++)
        {
            for (int unit = 0; unit < total; unit++)
            {
                if (unit < padded)
                    Close(Enumerable.Range(0, rows).Select(r => (double)DZ(r)), sums.Span[Column(unit)], $"{where}: sum of {gate}, {unit}");
                for (int n = 0; n < columns; n++)
                {
                    float actual = gradient.Span[(((gate * total) + unit) * columns) + n];
                    if (unit >= units) Assert.AreEqual(-77f, actual, $"{where}: unit {unit} is not one of them.");
                    else Close(Enumerable.Range(firstRow, endRow - firstRow).Select(r => (double)DZ(r) * X(r, n)), actual, $"{where}: element {gate}, {unit}, {n}");
                }

                float DZ(int r) => dZ.Span[(r * dZRow) + Column(unit)];
                int Column(int u) => (((u / U * gates) + gate) * U) + (u % U);
            }
        }

        float X(int r, int n) => x.Span[isNarrow ? (r * columns) + n : (n / width * panel) + (r * width) + (n % width)];
    }

    private static void Close(IEnumerable<double> terms, float actual, string where)
    {
        double sum = 0, size = 0;
        foreach (double term in terms) (sum, size) = (sum + term, size + Math.Abs(term));
        Assert.IsTrue(Math.Abs(sum - actual) <= 2e-6 * size, $"{where}: {actual:R} instead of {sum:R}.");
    }
}
