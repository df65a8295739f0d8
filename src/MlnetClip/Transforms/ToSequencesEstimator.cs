using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Settings;
using MlnetClip.Transforms;

namespace MlnetClip;

/// <summary>
/// Groups rows into sequences: one output row for each group. Create it with
/// <see cref="SequenceTransformsCatalog.ToSequences(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// The output has the group's column, a vector of variable size with the features of the group's rows, one row after the other, the label, and the columns that <see cref="Options.KeptColumnNames"/> names. It has no other
/// columns. The result is computed while it is read, in the order of the rows, by one cursor; it is not a row-to-row mapping, so a
/// <c>PredictionEngine</c> needs a pipeline that begins after it, with a whole sequence in a row.
/// </remarks>
public sealed class ToSequencesEstimator : IEstimator<RowsToSequencesTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;

    internal ToSequencesEstimator(IHostEnvironment environment, Options options)
    {
        options.Validate();
        (_host, _options) = (environment.Register(nameof(ToSequencesEstimator)), options.Copy());
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

    /// <summary>The options of <see cref="ToSequencesEstimator"/>.</summary>
    public sealed class Options : IRowBlockOptions
    {
        /// <summary>The column of sequences to create. Default: Features.</summary>
        public string OutputColumnName { get; set; } = "Features";

        /// <summary>The column that names the group of each row: text, a key, a number or a time. Required.</summary>
        public string GroupColumnName { get; set; } = "";

        /// <summary>The columns of features, of type Single or vectors of it of known size, or all of keys. Required.</summary>
        public IReadOnlyList<string> FeatureColumnNames { get; set; } = [];

        /// <summary>The column by which the rows of a group are sorted, ascending; a number or a time. Default: null for the order of the rows.</summary>
        public string? OrderColumnName { get; set; }

        /// <summary>The label column, of any type with one value in each row. Default: null for no label.</summary>
        public string? LabelColumnName { get; set; }

        /// <summary>Which rows of a group give its label. Default: Last.</summary>
        public SequenceLabel Label { get; set; } = SequenceLabel.Last;

        /// <summary>Where the rows of a group are, which decides how many rows are held in memory. Default: Adjacent.</summary>
        public RowGrouping Grouping { get; set; } = RowGrouping.Adjacent;

        /// <summary>
        /// Further columns to keep, with one value in each row, for example an example weight or a sampling key: the value of the last row of the group, or of the first with <see cref="SequenceLabel.First"/>. Default: none.
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
            var errors = new OptionErrors($"{nameof(ToSequencesEstimator)}.{nameof(Options)}");
            BlockSchema.CheckNames(
                errors, OutputColumnName, FeatureColumnNames, (nameof(GroupColumnName), GroupColumnName ?? "", true), (nameof(OrderColumnName), OrderColumnName, false), (nameof(LabelColumnName), LabelColumnName, true));
            if (LabelColumnName is not null && LabelColumnName == GroupColumnName) errors.Add(nameof(LabelColumnName), $"must not be that of {nameof(GroupColumnName)}", $"'{LabelColumnName}'");
            BlockSchema.CheckKept(
                errors, KeptColumnNames, (nameof(OutputColumnName), OutputColumnName), (nameof(GroupColumnName), GroupColumnName), (nameof(LabelColumnName), LabelColumnName));
            if (!Enum.IsDefined(Label)) errors.Add(nameof(Label), "must be Last, First or EveryStep", $"{Label}");
            if (!Enum.IsDefined(Grouping)) errors.Add(nameof(Grouping), "must be Adjacent or AnyOrder", $"{Grouping}");
            errors.ThrowIfAny();
        }

        void IRowBlockOptions.Validate() => Validate();

        SchemaShape IRowBlockOptions.Output(IExceptionContext context, SchemaShape input)
        {
            SchemaShape.Column feature = BlockSchema.FirstFeature(context, input, FeatureColumnNames);
            if (OrderColumnName is { } order) BlockSchema.Order(context, input, order);
            List<SchemaShape.Column> columns =
            [
                BlockSchema.Scalar(context, input, "group", GroupColumnName), SchemaAccess.VectorOf(OutputColumnName, SchemaShape.Column.VectorKind.VariableVector, feature),
            ];
            if (LabelColumnName is { } name)
            {
                SchemaShape.Column label = BlockSchema.Scalar(context, input, "label", name);
                columns.Add(Label == SequenceLabel.EveryStep ? SchemaAccess.VectorOf(name, SchemaShape.Column.VectorKind.VariableVector, label) : label);
            }

            columns.AddRange(KeptColumnNames.Select(kept => BlockSchema.Scalar(context, input, "kept", kept)));
            return new SchemaShape(columns);
        }

        BlockPlan IRowBlockOptions.Plan(IExceptionContext context, DataViewSchema input)
        {
            ((IRowBlockOptions)this).Output(context, SchemaAccess.Shape(input));
            DataViewSchema.Column group = input[GroupColumnName];
            DataViewSchema.Column? order = OrderColumnName is { } orderName ? input[orderName] : null;
            DataViewSchema.Column[] features = [.. FeatureColumnNames.Select(name => input[name])];
            var featureType = new VectorDataViewType(BlockSchema.FeatureType(context, input, FeatureColumnNames));
            List<BlockColumn<Groups>> columns =
            [
                new(group.Name, group.Type, group.Annotations, [group], (rows, blocks) => rows[group].Single(() => blocks.Rows[0])),
                new(OutputColumnName, featureType, BlockSchema.Keys(features), features, (rows, blocks) => rows[features[0]].Vector([.. features.Select(column => rows[column])], blocks.Rows)),
            ];
            if (LabelColumnName is { } labelName)
            {
                DataViewSchema.Column label = input[labelName];
                columns.Add(Label == SequenceLabel.EveryStep
                    ? new(labelName, new VectorDataViewType((PrimitiveDataViewType)label.Type), BlockSchema.Keys(label), [label], (rows, blocks) => rows[label].Vector([rows[label]], blocks.Rows))
                    : new(labelName, label.Type, label.Annotations, [label], (rows, blocks) => rows[label].Single(() => blocks.Rows[Label == SequenceLabel.First ? 0 : blocks.Rows.Count - 1])));
            }

            foreach (DataViewSchema.Column kept in KeptColumnNames.Select(name => input[name]))
                columns.Add(new(kept.Name, kept.Type, kept.Annotations, [kept], (rows, blocks) => rows[kept].Single(() => blocks.Rows[Label == SequenceLabel.First ? 0 : blocks.Rows.Count - 1])));
            return new BlockPlan<Groups>("ToSequences", columns, order is { } by ? [group, by] : [group], (cursor, rows) => new Groups(cursor, rows, group, order, Grouping));
        }
    }
}
