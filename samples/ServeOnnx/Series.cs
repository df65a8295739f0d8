using System.Globalization;

namespace ServeOnnx;

/// <summary>The second column of a CSV file.</summary>
internal static class Series
{
    /// <summary>Reads the values from the first one on. A missing one repeats the last one before it: an ONNX file has no memory to do that itself.</summary>
    public static double[] Read(string path)
    {
        var values = new List<double>();
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            if (float.TryParse(line.Split(',')[1], CultureInfo.InvariantCulture, out float value)) values.Add(value);
            else if (values.Count > 0) values.Add(values[^1]);
        }

        return [.. values];
    }
}
