using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Tasks;

/// <summary>A command that trains a model over sequences: its name, its flags, and the task that the labels of a file make of it.</summary>
/// <remarks>Flags and task are virtual methods, not delegates, so that listing the commands does not load the trainers.</remarks>
/// <param name="name">The command's name.</param>
/// <param name="aliases">Other spellings.</param>
/// <param name="description">What it trains, for the help.</param>
/// <param name="example">Arguments of an example, for the help.</param>
internal abstract class SequenceCommand(string name, IReadOnlyList<string> aliases, string description, string example)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SequenceCommand> All { get; } = [new Regression(), new Classification(), new Labeling()];

    /// <summary>The command's name.</summary>
    public string Name => name;

    /// <summary>Other spellings.</summary>
    public IReadOnlyList<string> Aliases => aliases;

    /// <summary>What <c>train</c> does with it, for the help.</summary>
    public string Trains => $"trains {description}; each row of the CSV file is a sequence, or with --sequence a time step";

    /// <summary>What <c>tune</c> does with it, for the help.</summary>
    public string Tunes => $"finds how to clip the gradients of {description}";

    /// <summary>Arguments of an example, for the help.</summary>
    public string Example => example;

    /// <summary>Whether each time step has a label.</summary>
    public virtual bool PerStep => false;

    /// <summary>Creates the flags of its trainers.</summary>
    public abstract TrainerFlags Flags();

    /// <summary>The task for the labels of a file.</summary>
    public abstract SequenceTask TaskOf(SequenceTable table);

    private sealed class Regression() : SequenceCommand(
        "regression", [], "a model that predicts a number for each sequence", "--data engines.csv --label hours_left --features-per-step 4")
    {
        public override TrainerFlags Flags() => TrainerFlags.Of(LstmRegressionTrainer.Options.Table);

        public override SequenceTask TaskOf(SequenceTable table) => new RegressionTask();
    }

    private sealed class Classification() : SequenceCommand(
        "classification", [], "a model that predicts the class of each sequence: binary if the labels are true and false or 1 and 0, else multiclass",
        "--data digits.csv --no-header --label 65 --features-per-step 8")
    {
        public override TrainerFlags Flags() => TrainerFlags.Of(LstmMulticlassTrainer.Options.Table);

        public override SequenceTask TaskOf(SequenceTable table) => BinaryTask.Fits(table) ? new BinaryTask() : new MulticlassTask();
    }

    private sealed class Labeling() : SequenceCommand(
        "labeling", ["labelling"], "a model that predicts a class for each time step of a sequence", "--data phases.csv --label phase1,phase2,phase3 --features speed1,speed2,speed3")
    {
        public override bool PerStep => true;

        public override TrainerFlags Flags() => TrainerFlags.Of(LstmLabelingTrainer.Options.Table);

        public override SequenceTask TaskOf(SequenceTable table) => new LabelingTask();
    }
}
