using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Losses;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>What golden files about models have in common.</summary>
internal static class ModelGolden
{
    public static StackSpec Spec(GoldenFile golden) => new(
        golden.Integer("features"), golden.Integer("hidden"), golden.Integer("layers"), golden.Integer("outputs"),
        Cell: golden.Text("cell") == "lstm" ? RecurrentCell.Lstm : RecurrentCell.RnnTanh);

    /// <summary>A backend on two threads with the golden file's parameters; that one thread gives the same bits is tested elsewhere.</summary>
    public static ManagedBackend Backend(GoldenFile golden, string parameters, string path)
    {
        ILoss loss = LossText.Parse(golden.Text("loss"));
        ManagedBackend backend = Spec(golden).Backend(golden.Integer("steps"), golden.Integer("batch"), loss, threads: 2, Paths.Kernels(path));
        IReadOnlyDictionary<string, float[]> values = golden.Arrays(parameters);
        CollectionAssert.AreEqual(values.Keys.ToArray(), backend.Parameters.Items.Select(p => p.Name).ToArray());
        foreach (Parameter parameter in backend.Parameters.Items) values[parameter.Name].CopyTo(backend.Parameters.ValuesOf(parameter));
        return backend;
    }

    /// <summary>The files of a folder, each with every path.</summary>
    public static IEnumerable<object[]> Cases(string folder) =>
        from name in GoldenFile.Names(folder) from path in Paths.All select new object[] { name, path[0] };
}
