using MlnetClip.Checkpoints;
using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>The state of an engine as an entry of a model file.</summary>
internal static class EngineState
{
    /// <summary>The entry's name.</summary>
    public const string Entry = "MlnetClip.ForecastEngine/State.bin";

    private static readonly Envelope Envelope = new("MLNCFENG", version: 1, "state of a forecast engine");

    /// <summary>Writes the windows of all series.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="forecaster">The forecaster that they belong to.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="last">The series that was observed last; -1 for none.</param>
    public static void Write(Stream stream, LstmForecastingTransformer forecaster, SeriesWindows windows, int last) => Envelope.Write(stream, writer =>
    {
        writer.Write(forecaster.Model.Hash());
        writer.Write(last);
        windows.Save(writer);
    });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged, or belongs to another model.</exception>
    public static (SeriesWindows Windows, int Last) Read(Stream stream, LstmForecastingTransformer forecaster) => Envelope.Read(stream, (reader, _) =>
    {
        if (reader.ReadString() != forecaster.Model.Hash()) throw SavedField.Wrong("Model", "must be the model of the same file", "another one");
        int last = reader.ReadInt32();
        var windows = new SeriesWindows(forecaster);
        windows.Load(reader);
        SavedField.InRange("Last", last, -1, windows.Names.Names.Count - 1);
        return (windows, last);
    });
}
