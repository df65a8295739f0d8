using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of the columns of sequences: the same for every command, and stored in the model file for the commands after <c>train</c>.</summary>
internal sealed class SequenceArguments
{
    private readonly FileArguments _file;
    private readonly Option<IReadOnlyList<string>?> _label;
    private readonly Option<IReadOnlyList<string>> _features;
    private readonly Option<string> _weight;

    /// <param name="stored">True for commands that read a model file, which stores the columns.</param>
    /// <param name="file">The file.</param>
    /// <param name="perStep">Whether each time step has a label.</param>
    public SequenceArguments(bool stored, FileArguments file, bool perStep = false)
    {
        _file = file;
        string byDefault = stored ? "; by default those stored in the model file" : "";
        _label = Flag.Setting<IReadOnlyList<string>?>(
            "--label", perStep || stored ? "COLUMNS" : "COLUMN",
            stored ? $"the column of the label, or the columns of the labels of the time steps{byDefault}"
            : perStep ? "the columns of the labels, one for each time step, joined by commas"
            : "the column of the label", null, NameList.Parse);
        _label.Required = !stored;
        _features = Flag.Names("--features", $"the columns of a sequence, time step after time step, joined by commas{(stored ? byDefault : "; by default all columns that no other option names")}");
        _weight = Flag.Text("--weight", "COLUMN", $"the column of example weights, 0 or more; by default {(stored ? "the one stored in the model file" : "1 each")}");
    }

    /// <summary>The options that only models over sequences have.</summary>
    public IEnumerable<Option> Own => [_label, _features, _weight];

    /// <summary>The columns of the label.</summary>
    public IReadOnlyList<string> Labels(ParseResult arguments) => arguments.GetValue(_label)!;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFile">Whether to add those of the file too.</param>
    /// <param name="several">Whether there may be several label columns.</param>
    public void AddTo(Command command, bool withFile, bool several)
    {
        if (withFile) command.Options.Add(_file.Data);
        foreach (Option option in Own) command.Options.Add(option);
        if (withFile) _file.AddLayoutTo(command);
        command.Validators.Add(result =>
        {
            IReadOnlyList<string> labels = result.Legal(_label) ?? [], features = result.Legal(_features) ?? [];
            if (!several && labels.Count > 1) result.AddError($"--label must name one column, but was '{NameList.Print(labels)}'.");
            foreach (string name in labels.Intersect(features)) result.AddError($"--label and --features must name different columns, but both name '{name}'.");
        });
    }

    /// <summary>Reads the rows for training.</summary>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SequenceTable Read(ParseResult arguments, int featuresPerStep, CancellationToken cancellation) => SequenceCsv.Read(
        _file.Path(arguments), Labels(arguments), arguments.GetValue(_features) is { Count: > 0 } features ? features : null, arguments.GetValue(_weight), featuresPerStep,
        _file.Layout(arguments, null), needsLabels: true, cancellation);

    /// <summary>Reads the rows for a model.</summary>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SequenceTable Read(ParseResult arguments, LoadedSequenceModel model, bool needsLabels, CancellationToken cancellation)
    {
        SequenceMetadata stored = model.Columns;
        IReadOnlyList<string> labels = arguments.GetValue(_label) ?? stored.Labels, features = arguments.GetValue(_features) is { Count: > 0 } given ? given : stored.Features;
        if (labels.Count != stored.Labels.Count)
            throw new InputException($"--label must name {stored.Labels.Count} columns for the model '{model.Path}', but names {labels.Count}.");
        return SequenceCsv.Read(
            _file.Path(arguments), labels, features, arguments.GetValue(_weight) ?? stored.Weight, model.Predictor.Model.FeaturesPerStep, _file.Layout(arguments, model.Metadata), needsLabels, cancellation)
            with { LabelName = SequenceTask.LabelName(stored.Labels) };
    }

    /// <summary>The metadata for the model file.</summary>
    public ModelMetadata Metadata(ParseResult arguments, SequenceTable table, int trainingRows, double holdout, int seed) => _file.AddTo(new ModelMetadata
    {
        Value = table.LabelColumns[0],
        Sequences = new SequenceMetadata(table.LabelColumns, table.FeatureColumns, table.Weights is null ? null : arguments.GetValue(_weight), seed),
        Cut = trainingRows,
        Rows = table.Rows,
        Holdout = holdout,
        Fingerprint = table.Fingerprint(),
    }, arguments);
}
