using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Settings;
using MlnetClip.Transforms;

namespace MlnetClip;

/// <summary>
/// Cuts rows into sliding windows: one output row for each window. Create it with
/// <see cref="SequenceTransformsCatalog.ToWindows(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// The output has the group's column if there is one, a vector of known size with the features of the window's rows, one row after the other, and the label. It has
/// no other columns. Windows are complete and lie within one group; rows that do not fill a window are not in the output. The result is computed
/// while it is read, in the order of the rows, by one cursor, which holds the rows of one window.
/// </remarks>
public sealed class ToWindowsEstimator : IEstimator<RowsToSequencesTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;

    internal ToWindowsEstimator(IHostEnvironment environment, Options options)
    {
        options.Validate();
        (_host, _options) = (environment.Register(nameof(ToWindowsEstimator)), options.Copy());
    }

    /// <summary>Checks the columns; nothing is learned from the rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public RowsToSequencesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new RowsToSequencesTransformer(_host, _options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>The shape of the output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ((IRowBlockOptions)_options).Output(_host, inputSchema);

    /// <summary>The options of <see cref="ToWindowsEstimator"/>.</summary>
    public sealed class Options : IRowBlockOptions
    {
        /// <summary>The most rows that a window may have, with those after it that give its label.</summary>
        internal const int MostRows = 1 << 20;

        private static readonly OptionRange[] Ranges = [new(nameof(WindowSize), 1, MostRows), new(nameof(Stride), 1), new(nameof(Horizon), 1, MostRows)];

        /// <summary>The column of windows to create. Default: Features.</summary>
        public string OutputColumnName { get; set; } = "Features";

        /// <summary>The columns of features, of type Single or vectors of it of known size, or all of keys. Required.</summary>
        public IReadOnlyList<string> FeatureColumnNames { get; set; } = [];

        /// <summary>Rows of a window, from 1 to 1048576. Required.</summary>
        public int WindowSize { get; set; }

        /// <summary>Rows from the beginning of a window to that of the next, 1 or more. Default: 1.</summary>
        public int Stride { get; set; } = 1;

        /// <summary>The column that names the group of each row, whose rows are next to each other; no window has rows of two groups. Default: null for one series.</summary>
        public string? GroupColumnName { get; set; }

        /// <summary>The label column, of any type with one value in each row. Default: null for no label.</summary>
        public string? LabelColumnName { get; set; }

        /// <summary>Which rows give the label of a window. Default: After.</summary>
        public WindowLabel Label { get; set; } = WindowLabel.After;

        /// <summary>The number of rows after a window that give its label, from 1 to 1048576; only for <see cref="WindowLabel.After"/>. Default: 1.</summary>
        public int Horizon { get; set; } = 1;

        private int RowsAfter => LabelColumnName is not null && Label == WindowLabel.After ? Horizon : 0;

        /// <summary>
        /// Further columns to keep, with one value in each row, for example an example weight or a sampling key: the value of the last row of the window. Default: none.
        /// </summary>
        public IReadOnlyList<string> KeptColumnNames { get; set; } = [];

        /// <summary>Values of a time step in the output, for the option FeaturesPerStep of a trainer.</summary>
        /// <param name="schema">The columns of the rows.</param>
        public int FeaturesPerStep(DataViewSchema schema) => BlockSchema.ValuesPerRow(schema, FeatureColumnNames);

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.FeatureColumnNames = [.. FeatureColumnNames];
            copy.KeptColumnNames = [.. KeptColumnNames];
            return copy;
        }

        internal void Validate()
        {
            var errors = new OptionErrors($"{nameof(ToWindowsEstimator)}.{nameof(Options)}");
            BlockSchema.CheckNames(errors, OutputColumnName, FeatureColumnNames, (nameof(GroupColumnName), GroupColumnName, true), (nameof(LabelColumnName), LabelColumnName, true));
            if (LabelColumnName is not null && LabelColumnName == GroupColumnName) errors.Add(nameof(LabelColumnName), $"must not be that of {nameof(GroupColumnName)}", $"'{LabelColumnName}'");
            errors.Check(Ranges[0], WindowSize);
            errors.Check(Ranges[1], Stride);
            errors.Check(Ranges[2], Horizon);
            BlockSchema.CheckKept(
                errors, KeptColumnNames, (nameof(OutputColumnName), OutputColumnName), (nameof(GroupColumnName), GroupColumnName), (nameof(LabelColumnName), LabelColumnName));
            if (!Enum.IsDefined(Label)) errors.Add(nameof(Label), "must be Last, After or EveryStep", $"{Label}");
            errors.ThrowIfAny();
        }

        void IRowBlockOptions.Validate() => Validate();

        SchemaShape IRowBlockOptions.Output(IExceptionContext context, SchemaShape input)
        {
            SchemaShape.Column feature = BlockSchema.FirstFeature(context, input, FeatureColumnNames);
            var columns = new List<SchemaShape.Column>();
            if (GroupColumnName is { } group) columns.Add(BlockSchema.Scalar(context, input, "group", group));
            columns.Add(SchemaAccess.VectorOf(OutputColumnName, SchemaShape.Column.VectorKind.Vector, feature));
            if (LabelColumnName is { } name)
            {
                SchemaShape.Column label = BlockSchema.Scalar(context, input, "label", name);
                columns.Add(LabelSize == 0 ? label : SchemaAccess.VectorOf(name, SchemaShape.Column.VectorKind.Vector, label));
            }

            columns.AddRange(KeptColumnNames.Select(kept => BlockSchema.Scalar(context, input, "kept", kept)));
            return new SchemaShape(columns);
        }

        BlockPlan IRowBlockOptions.Plan(IExceptionContext context, DataViewSchema input)
        {
            ((IRowBlockOptions)this).Output(context, SchemaAccess.Shape(input));
            DataViewSchema.Column? group = GroupColumnName is { } groupName ? input[groupName] : null;
            DataViewSchema.Column[] features = [.. FeatureColumnNames.Select(name => input[name])];
            long values = (long)WindowSize * FeaturesPerStep(input);
            if (values > Array.MaxLength)
                throw context.Process(new ArgumentOutOfRangeException(nameof(input), $"{nameof(WindowSize)} must make windows of at most {Array.MaxLength} values, but {WindowSize} rows of {FeaturesPerStep(input)} have {values}."));
            var featureType = new VectorDataViewType(BlockSchema.FeatureType(context, input, FeatureColumnNames), (int)values);
            var columns = new List<BlockColumn<Windows>>();
            if (group is { } by) columns.Add(new(by.Name, by.Type, by.Annotations, [by], (rows, blocks) => rows[by].Single(() => 0)));
            columns.Add(new(
                OutputColumnName, featureType, BlockSchema.Keys(features), features, (rows, blocks) => rows[features[0]].Vector([.. features.Select(column => rows[column])], blocks.Rows)));
            if (LabelColumnName is { } labelName)
            {
                DataViewSchema.Column label = input[labelName];
                int scalarRow = Label == WindowLabel.Last ? WindowSize - 1 : WindowSize;
                columns.Add(LabelSize == 0
                    ? new(labelName, label.Type, label.Annotations, [label], (rows, blocks) => rows[label].Single(() => scalarRow))
                    : new(labelName, new VectorDataViewType((PrimitiveDataViewType)label.Type, LabelSize), BlockSchema.Keys(label), [label],
                        (rows, blocks) => rows[label].Vector([rows[label]], Label == WindowLabel.After ? blocks.RowsAfter : blocks.Rows)));
            }

            foreach (DataViewSchema.Column kept in KeptColumnNames.Select(name => input[name]))
                columns.Add(new(kept.Name, kept.Type, kept.Annotations, [kept], (rows, blocks) => rows[kept].Single(() => WindowSize - 1)));
            return new BlockPlan<Windows>(
                "ToWindows", columns, group is { } always ? [always] : [], (cursor, rows) => new Windows(cursor, rows, group, WindowSize, RowsAfter, Stride));
        }

        /// <summary>Values of a window's label; 0 for one that is no vector.</summary>
        private int LabelSize => Label == WindowLabel.EveryStep ? WindowSize : Label == WindowLabel.After && Horizon > 1 ? Horizon : 0;
    }
}
