using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>
/// The weights' gradient of one block of units against sums in double: narrow and wide inputs, rows around the depth block of 256,
/// inputs that begin later, and nothing written outside the block's rows.
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
            foreach (int units in new[] { 1, 7, 8, 9, 16 })
                foreach (int columns in new[] { 1, 5, 24, 25, 32, 33, 70 })
                    foreach (var (rows, firstRow) in new[] { (1, 0), (3, 1), (40, 8), (257, 0), (600, 300) })
                        Compare(kernels, gates, units, columns, rows, firstRow);
    }

    private static void Compare(KernelSet kernels, int gates, int units, int columns, int rows, int firstRow)
    {
        const int Total = U + 3; // units of the layer: the block is one of its parts
        int dZRow = (gates * U) + 32, panels = (columns + Panel.Width - 1) / Panel.Width;
        bool isNarrow = columns <= KernelSet.NarrowColumns;
        var random = new SeededRandom((ulong)((columns * 1000) + rows + units));
        var dZ = new AlignedBuffer((rows * dZRow) + Panel.Width);
        foreach (ref float value in dZ.Span) value = (2 * random.NextSingle()) - 1;

        // Narrow inputs are plain rows without room behind them, wide ones panels.
        var x = new GuardedBuffer(isNarrow ? rows * columns : rows * panels * Panel.Width, misalignment: 1);
        foreach (ref float value in x.Span) value = (2 * random.NextSingle()) - 1;
        int xRow = isNarrow ? columns : Panel.Width, panel = isNarrow ? 0 : rows * Panel.Width;
        var gradient = new GuardedBuffer(gates * Total * columns, misalignment: 3);
        gradient.Span.Fill(-77f);
        GuardedBuffer sums = new(gates * U, 2), scratch = new(KernelSet.ScratchLength);
        fixed (float* px = x.Span, pg = gradient.Span, ps = sums.Span, pw = scratch.Span)
        {
            var term = new GradientTerm(px, xRow, panel, columns, firstRow, pg, Total * columns);
            kernels.WeightGradient(dZ.Pointer, dZRow, rows, gates, units, &term, 1, ps, pw);
        }

        foreach (GuardedBuffer buffer in new[] { x, gradient, sums, scratch }) buffer.Check();
        string where = $"{gates} gates, {units} units, {columns} columns, {rows} rows from {firstRow}";
        for (int gate = 0; gate < gates; gate++)
        {
            for (int unit = 0; unit < Total; unit++)
            {
                if (unit < U)
                    Close(Enumerable.Range(0, rows).Select(r => (double)DZ(r)), sums.Span[(gate * U) + unit], $"{where}: sum of {gate}, {unit}");
                for (int n = 0; n < columns; n++)
                {
                    float actual = gradient.Span[(((gate * Total) + unit) * columns) + n];
                    if (unit >= units) Assert.AreEqual(-77f, actual, $"{where}: unit {unit} is not the block's.");
                    else Close(Enumerable.Range(firstRow, rows - firstRow).Select(r => (double)DZ(r) * X(r, n)), actual, $"{where}: element {gate}, {unit}, {n}");
                }

                float DZ(int r) => dZ.Span[(r * dZRow) + (gate * U) + unit];
            }
        }

        float X(int r, int n) => x.Span[isNarrow ? (r * columns) + n : (n / Panel.Width * panel) + (r * Panel.Width) + (n % Panel.Width)];
    }

    private static void Close(IEnumerable<double> terms, float actual, string where)
    {
        double sum = 0, size = 0;
        foreach (double term in terms) (sum, size) = (sum + term, size + Math.Abs(term));
        Assert.IsTrue(Math.Abs(sum - actual) <= 2e-6 * size, $"{where}: {actual:R} instead of {sum:R}.");
    }
}
