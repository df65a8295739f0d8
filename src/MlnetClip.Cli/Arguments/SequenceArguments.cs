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
    private readonly Option<string> _weight, _sequence;
    private readonly Option<string>? _time;
    private readonly bool _perStep;
    private readonly SeriesArguments? _series;

    /// <param name="stored">True for commands that read a model file, which stores the columns.</param>
    /// <param name="file">The file.</param>
    /// <param name="perStep">Whether each time step has a label.</param>
    /// <param name="series">The options of forecasters in the same command, with which those of the time column are shared; null where there are none.</param>
    public SequenceArguments(bool stored, FileArguments file, bool perStep = false, SeriesArguments? series = null)
    {
        (_file, _perStep, _series) = (file, perStep, series);
        string byDefault = stored ? "; by default those stored in the model file" : "";
        _label = Flag.Setting<IReadOnlyList<string>?>(
            "--label", perStep || stored ? "COLUMNS" : "COLUMN",
            stored ? $"the column of the label, or the columns of the labels of the time steps{byDefault}"
            : perStep ? "the columns of the labels, one for each time step, joined by commas; with --sequence, the column of the labels"
            : "the column of the label", null, text => NameList.Parse(text));
        _label.Required = !stored;
        _features = Flag.Names("--features", $"the columns of a sequence, time step after time step, joined by commas{(stored ? byDefault : "; by default all columns that no other option names")}");
        _sequence = Flag.Text("--sequence", "COLUMN", stored
            ? $"the column that names the sequence of a row, for a model that was trained on rows of time steps{byDefault}"
            : "the column that names the sequence of a row: the file then has a row for each time step, and --features are the columns of a step");
        if (!stored) _time = Flag.Text("--time", "COLUMN", "the column of times, or of numbers, which must increase within a sequence; needs --sequence; by default the order of the file");
        _weight = Flag.Text("--weight", "COLUMN", $"the column of example weights, 0 or more; by default {(stored ? "the one stored in the model file" : "1 each")}");
    }

    /// <summary>The options of these models, those shared with forecasters among them.</summary>
    public IEnumerable<Option> Own => [_label, _features, _weight, _sequence, .. _time is null ? _series?.Times ?? [] : [_time]];

    /// <summary>The columns of the label.</summary>
    public IReadOnlyList<string> Labels(ParseResult arguments) => arguments.GetValue(_label)!;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFile">Whether to add those of the file too.</param>
    /// <param name="several">Whether there may be several label columns.</param>
    public void AddTo(Command command, bool withFile, bool several)
    {
        if (withFile) command.Options.Add(_file.Data);
        foreach (Option option in Own.Except(command.Options)) command.Options.Add(option);
        if (withFile) _file.AddLayoutTo(command);
        command.Validators.Add(result =>
        {
            IReadOnlyList<string> labels = result.Legal(_label) ?? [], features = result.Legal(_features) ?? [];
            if (!several && labels.Count > 1) result.AddError($"--label must name one column, but was '{NameList.Print(labels)}'.");
            string? sequence = result.GetValue(_sequence), time = _time is null ? null : result.GetValue(_time);
            if (_time is not null && several && sequence is not null && labels.Count > 1) result.AddError($"--label must name one column with --sequence, but was '{NameList.Print(labels)}'.");
            if (time is not null && sequence is null) result.AddError("--time needs --sequence COLUMN, the column that names the sequence of a row.");
            foreach (var (option, name) in new[] { ("--sequence", sequence), ("--time", time) })
                if (name is not null && labels.Concat(features).Append(option == "--time" ? sequence : null).Contains(name)) result.AddError($"{option} must name a column that no other option names, but was '{name}'.");
            foreach (string name in labels.Intersect(features)) result.AddError($"--label and --features must name different columns, but both name '{name}'.");
        });
    }

    /// <summary>Reads the rows for training.</summary>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="featuresPerStep">Values of a time step, as given; null where it was not given.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SequenceTable Read(ParseResult arguments, int? featuresPerStep, CancellationToken cancellation)
    {
        IReadOnlyList<string>? features = arguments.GetValue(_features) is { Count: > 0 } given ? given : null;
        CsvLayout layout = _file.Layout(arguments, null);
        if (arguments.GetValue(_sequence) is not { } sequence)
            return SequenceCsv.Read(_file.Path(arguments), Labels(arguments), features, arguments.GetValue(_weight), featuresPerStep ?? 1, layout, needsLabels: true, cancellation);
        SequenceTable table = StepCsv.Read(
            _file.Path(arguments), new StepColumns(sequence, arguments.GetValue(_time!)), Labels(arguments)[0], features, arguments.GetValue(_weight), _perStep, layout, needsLabels: true, cancellation);
        if (featuresPerStep is { } other && other != table.FeaturesPerStep)
            throw new InputException($"--features-per-step must be {table.FeaturesPerStep} or left out with --sequence, because a row has that many columns of features, but was {other}.", features is null ? "features are all columns that no other option names; name them with --features to leave some out." : null);
        return table;
    }

    /// <summary>Reads the rows for a model.</summary>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SequenceTable Read(ParseResult arguments, LoadedSequenceModel model, bool needsLabels, CancellationToken cancellation)
    {
        SequenceMetadata stored = model.Columns;
        IReadOnlyList<string> labels = arguments.GetValue(_label) ?? stored.Labels, features = arguments.GetValue(_features) is { Count: > 0 } given ? given : stored.Features;
        if (labels.Count != stored.Labels.Count)
            throw new InputException($"--label must name {stored.Labels.Count} columns for the model '{model.Path}', but names {labels.Count}.");
        string? weight = arguments.GetValue(_weight) ?? stored.Weight;
        if (stored.Steps is { } steps)
        {
            StepColumns columns = new(arguments.GetValue(_sequence) ?? steps.Sequence, _series!.IgnoresTime(arguments) ? null : _series.Time(arguments) ?? steps.Time);
            if (features.Count != model.Predictor.Model.FeaturesPerStep)
                throw new InputException($"--features must name {model.Predictor.Model.FeaturesPerStep} columns for the model '{model.Path}', but names {features.Count}.");
            return StepCsv.Read(_file.Path(arguments), columns, labels[0], features, weight, model.Task is LabelingTask, _file.Layout(arguments, model.Metadata), needsLabels, cancellation)
                with { LabelName = SequenceTask.LabelName(stored.Labels) };
        }

        foreach (Option option in Own.Where(option => option == _sequence || _series!.Times.Contains(option)))
        {
            if (arguments.GetResult(option) is { Implicit: false })
                throw new InputException($"{option.Name} must not be given: the model '{model.Path}' was trained on a file in which each row is a sequence.");
        }

        return SequenceCsv.Read(
            _file.Path(arguments), labels, features, weight, model.Predictor.Model.FeaturesPerStep, _file.Layout(arguments, model.Metadata), needsLabels, cancellation)
            with { LabelName = SequenceTask.LabelName(stored.Labels) };
    }

    /// <summary>The metadata for the model file.</summary>
    public ModelMetadata Metadata(ParseResult arguments, SequenceTable table, int trainingRows, double holdout, int seed) => _file.AddTo(new ModelMetadata
    {
        Value = table.LabelColumns[0],
        Sequences = new SequenceMetadata(table.LabelColumns, table.FeatureColumns, table.Weights is null ? null : arguments.GetValue(_weight), seed) { Steps = table.Steps },
        Cut = trainingRows,
        Rows = table.Rows,
        Holdout = holdout,
        Fingerprint = table.Fingerprint(),
    }, arguments);
}
