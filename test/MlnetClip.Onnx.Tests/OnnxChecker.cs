using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests;

/// <summary>The checker of the onnx package for Python, where it is installed (Debian's python3-onnx).</summary>
internal static class OnnxChecker
{
    private static readonly Lazy<string?> s_python = new(() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasOnnx));

    /// <summary>Fails unless the checker, with shape inference, accepts the file; inconclusive where it is not installed.</summary>
    public static void Check(params IReadOnlyList<byte[]> files)
    {
        if (s_python.Value is not { } python)
        {
            Assert.Inconclusive("The ONNX checker is not installed (python3-onnx).");
            return;
        }

        using var folder = new TemporaryFolder();
        for (int i = 0; i < files.Count; i++)
        {
            string path = folder.File($"{i}.onnx");
            File.WriteAllBytes(path, files[i]);
            ProcessOutcome outcome = ProcessRunner.Run(
                python, ["-c", "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)", path], folder.Path);
            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        }
    }

    private static bool HasOnnx(string python)
    {
        try
        {
            return ProcessRunner.Run(python, ["-c", "import onnx"], Path.GetTempPath()).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
