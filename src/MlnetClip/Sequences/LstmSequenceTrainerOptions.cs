using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Persistence;
using MlnetClip.Sequences;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>The options that all trainers over sequences share: regression, binary and multiclass classification, and sequence labeling.</summary>
public abstract class LstmSequenceTrainerOptions : LstmTrainerOptions
{
    private protected LstmSequenceTrainerOptions()
    {
    }

    /// <summary>The label column: a label for each sequence, or in sequence labeling a vector with one for each time step. Default: Label.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column of sequences: vectors of type Single or of keys, of known or variable size, with the values of a sequence one
    /// time step after the other. Default: Features.
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column of example weights, of type Single with values of 0 or more. Default: null for equal weights.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>Values, or keys, of each time step, 1 or more; the length of every sequence is a multiple of it. Default: 1.</summary>
    public int FeaturesPerStep { get; set; } = 1;

    /// <summary>The cell of the recurrent layers. Default: Lstm.</summary>
    public RecurrentCell Cell { get; set; } = RecurrentCell.Lstm;

    /// <summary>Whether every layer reads the sequence in both directions, with <see cref="LstmTrainerOptions.HiddenSize"/> units each. Default: false.</summary>
    public bool Bidirectional { get; set; }

    /// <summary>Whether every recurrent layer is followed by layer normalization. Default: false.</summary>
    public bool LayerNormalization { get; set; }

    /// <summary>The share of the outputs of each recurrent layer, including the last, that is set to zero in training, 0 or more and below 1. Default: 0.</summary>
    public float Dropout { get; set; }

    /// <summary>
    /// The share of the hidden state that is set to zero in the recurrent products in training, with the same units at all time steps of a sequence
    /// (Gal and Ghahramani, 2016), 0 or more and below 1. Default: 0.
    /// </summary>
    public float RecurrentDropout { get; set; }

    /// <summary>The length of the vector that is learned for each key, 1 or more; no effect on sequences of type Single. Default: 32.</summary>
    public int EmbeddingSize { get; set; } = 32;

    /// <summary>
    /// Whether features are standardized inside the model: the mean of each feature over the training rows' time steps is subtracted
    /// and it is divided by its standard deviation. Without effect on keys. Default: true.
    /// </summary>
    public bool NormalizeFeatures { get; set; } = true;

    /// <summary>
    /// The number of sequences in the shuffle buffer, 1 or more. If it is set, sequences are not held in memory: they are read from the data
    /// again in every epoch, and drawn at random from a buffer of this size, which takes the memory of as many sequences of the longest length.
    /// Data sorted by label needs a large buffer. Default: null for all sequences in memory; if they take more than 1 GiB, a buffer of at most 256 MiB.
    /// </summary>
    public int? ShuffleBufferSize { get; set; }

    /// <summary>How the head pools the time steps.</summary>
    internal abstract Pooling HeadPooling { get; }

    /// <summary>Bytes of sequences that are held in memory without a shuffle buffer.</summary>
    internal long MostBytesInMemory { get; set; } = 1L << 30;

    /// <summary>The model that these options describe.</summary>
    /// <param name="input">What the sequences are made of.</param>
    /// <param name="outputs">Outputs of the head.</param>
    internal ModelSpec Model(SequenceInput input, int outputs)
    {
        var layers = new List<LayerSpec>();
        for (int k = 0; k < NumberOfLayers; k++)
        {
            layers.Add(new RecurrentSpec(Cell, HiddenSize, Bidirectional, RecurrentDropout, ForgetGateBias));
            if (LayerNormalization) layers.Add(new LayerNormalizationSpec());
            if (Dropout > 0) layers.Add(new DropoutSpec(Dropout));
        }

        return new ModelSpec
        {
            Features = input.Features,
            Embeddings = [.. Enumerable.Repeat(new EmbeddingSpec(input.KeyCount + 1, EmbeddingSize), input.Ids)],
            Layers = layers,
            Head = new HeadSpec(HeadPooling, outputs),
        };
    }

    /// <summary>Adds the errors of every option by itself.</summary>
    private protected abstract void CheckEach(OptionErrors errors);

    /// <summary>Throws every error of these options at once.</summary>
    /// <param name="owner">The options as users name them.</param>
    internal void Validate(string owner)
    {
        var errors = new OptionErrors(owner);
        CheckEach(errors);
        if (ForgetGateBias is not null && Cell != RecurrentCell.Lstm) errors.Add(nameof(ForgetGateBias), "must be null unless the cell is Lstm", $"set for {Cell}");
        if (Clipping?.BackpropClipping?.TruncateSteps is not null && HeadPooling != Pooling.Last)
            errors.Add(nameof(Clipping), $"must not truncate backpropagation unless {nameof(Pooling)} is Last, because it counts from the last time step", $"'{Clipping}'");
        errors.ThrowIfAny();
        CheckModel(owner, outputs: 1, new SequenceInput(FeaturesPerStep, 0), new SequenceInput(FeaturesPerStep, 1));
    }

    /// <summary>Throws when the model cannot be built or clipping refers to groups that it does not have.</summary>
    /// <param name="owner">The options as users name them.</param>
    /// <param name="outputs">Outputs of the head.</param>
    /// <param name="inputs">What the sequences may be made of: the first decides the size, and clipping must fit one of them.</param>
    internal void CheckModel(string owner, int outputs, params ReadOnlySpan<SequenceInput> inputs)
    {
        var errors = new OptionErrors(owner);
        string? problem = null, frozen = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (Layout(inputs[i], outputs) is { } layout)
            {
                problem = Clipping.ProblemWith(layout);
                frozen = Frozen?.ProblemWith(layout);
            }
            else if (i == 0) AddTooLarge(errors, inputs[0]);
            if (problem is null && frozen is null) break;
        }

        if (problem is not null) errors.Add(nameof(Clipping), "must refer to groups that the model has", $"'{Clipping}'", problem);
        if (frozen is not null) errors.Add(nameof(Frozen), "must refer to groups that the model has, and leave others", $"'{Frozen}'", frozen);
        errors.ThrowIfAny();
    }

    private void AddTooLarge(OptionErrors errors, SequenceInput input)
    {
        string option = input.HasKeys ? nameof(EmbeddingSize) : nameof(HiddenSize);
        string got = input.HasKeys ? $"{EmbeddingSize} for {input.KeyCount} keys" : $"{HiddenSize} with {NumberOfLayers} layers";
        errors.Add(option, $"must leave the model with at most {SavedWeights.Most} weights, which a model file can hold", $"{got}, which makes more");
    }

    /// <summary>The parameters of the model; null where they are more than can be saved.</summary>
    private Parameter[]? Layout(SequenceInput input, int outputs)
    {
        try
        {
            IReadOnlyList<ParameterSpec> layout = ModelLayout.Create(Model(input, outputs));
            return layout.Sum(parameter => (double)parameter.Rows * parameter.Columns) <= SavedWeights.Most ? ParameterSet.LayOut(layout) : null;
        }
        catch (ArgumentException)
        {
            return null; // one matrix alone is too large
        }
    }
}
