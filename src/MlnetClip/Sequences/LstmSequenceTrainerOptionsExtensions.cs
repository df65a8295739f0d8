using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip.Sequences;

/// <summary>The lines of the table of options that all trainers over sequences have.</summary>
internal static class LstmSequenceTrainerOptionsExtensions
{
    /// <summary>Adds every option of <see cref="LstmSequenceTrainerOptions"/>.</summary>
    public static OptionTable<TOptions> Sequences<TOptions>(this OptionTable<TOptions> table)
        where TOptions : LstmSequenceTrainerOptions, new() => table
        .Column(nameof(LstmSequenceTrainerOptions.LabelColumnName), "the label column", hasDefault: true)
        .Column(nameof(LstmSequenceTrainerOptions.FeatureColumnName), "the column of sequences", hasDefault: true)
        .Column(nameof(LstmSequenceTrainerOptions.ExampleWeightColumnName), "the column of the weight of each row", defaultDescription: "1 each")
        .Number<int>(nameof(LstmSequenceTrainerOptions.FeaturesPerStep), "--features-per-step COUNT", "values of each time step", OptionTable<TOptions>.From(1))
        .Network("sequences", "recurrent layer")
        .Choice<RecurrentCell>(nameof(LstmSequenceTrainerOptions.Cell), "--cell CELL", "the cell of the recurrent layers")
        .Switch(nameof(LstmSequenceTrainerOptions.Bidirectional), "--bidirectional", "read the sequence in both directions", shapesModel: true)
        .Switch(nameof(LstmSequenceTrainerOptions.LayerNormalization), "--layer-normalization", "normalize the outputs of every recurrent layer", shapesModel: true)
        .Number<float>(nameof(LstmSequenceTrainerOptions.Dropout), "--dropout SHARE", "share of each layer's outputs that is set to zero in training", OptionTable<TOptions>.Share)
        .Number<float>(nameof(LstmSequenceTrainerOptions.RecurrentDropout), "--recurrent-dropout SHARE", "share of the hidden state that is set to zero in training", OptionTable<TOptions>.Share)
        .ForgetGate()
        .Number<int>(nameof(LstmSequenceTrainerOptions.EmbeddingSize), "--embedding SIZE", "length of the vector learned for each key", OptionTable<TOptions>.From(1))
        .Switch(nameof(LstmSequenceTrainerOptions.NormalizeFeatures), "--normalize", "standardize features inside the model", shapesModel: true)
        .Steps("sequences")
        .OptionalNumber<int>(nameof(LstmSequenceTrainerOptions.ShuffleBufferSize), "--shuffle-buffer SEQUENCES", "read sequences from the data in every epoch, and shuffle them in a buffer of this size; by default all are held in memory, if they take at most 1 GiB", OptionTable<TOptions>.From(1), shapesModel: true)
        .Run("sequences", "time step", "drawn at random");

    /// <summary>Adds the pooling of a trainer that predicts a label for each sequence.</summary>
    public static OptionTable<TOptions> Pooled<TOptions>(this OptionTable<TOptions> table, string property)
        where TOptions : LstmSequenceTrainerOptions, new() => table
        .Choice(property, "--pooling KIND", "how the head pools the time steps", Pooling.Last, Pooling.Mean, Pooling.Max);

    /// <summary>Adds the weights of classes and label smoothing.</summary>
    public static OptionTable<TOptions> Classes<TOptions>(this OptionTable<TOptions> table, string property, string smoothing)
        where TOptions : LstmSequenceTrainerOptions, new() => table
        .Setting<ClassWeights?>(property, "--class-weights WEIGHTS", "class weights: balanced, or one weight per class such as 1,2.5; by default 1 each",
            text => text == "none" ? null : ClassWeights.Parse(text), weights => weights!.Text, nullable: true)
        .Number<float>(smoothing, "--label-smoothing SHARE", "share of each target that is spread over all classes", OptionTable<TOptions>.Share);
}
