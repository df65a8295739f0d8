using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Tasks;

/// <summary>A command that trains a model over sequences: its name, its flags, and the task that the labels of a file make of it.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="Aliases">Other spellings.</param>
/// <param name="Description">What it trains, for the help.</param>
/// <param name="PerStep">Whether each time step has a label.</param>
/// <param name="Flags">Creates the flags of its trainers.</param>
/// <param name="TaskOf">The task for the labels of a file.</param>
/// <param name="Example">Arguments of an example, for the help.</param>
internal sealed record SequenceCommand(
    string Name, IReadOnlyList<string> Aliases, string Description, bool PerStep, Func<TrainerFlags> Flags, Func<SequenceTable, SequenceTask> TaskOf, string Example)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SequenceCommand> All { get; } =
    [
        new("regression", [], "a model that predicts a number for each sequence", false, () => TrainerFlags.Of(LstmRegressionTrainer.Options.Table), _ => new RegressionTask(),
            "--data engines.csv --label hours_left --features-per-step 4"),
        new("classification", [], "a model that predicts the class of each sequence: binary if the labels are true and false or 1 and 0, else multiclass", false,
            () => TrainerFlags.Of(LstmMulticlassTrainer.Options.Table), table => BinaryTask.Fits(table) ? new BinaryTask() : new MulticlassTask(),
            "--data digits.csv --no-header --label 65 --features-per-step 8"),
        new("labeling", ["labelling"], "a model that predicts a class for each time step of a sequence", true, () => TrainerFlags.Of(LstmLabelingTrainer.Options.Table), _ => new LabelingTask(),
            "--data phases.csv --label phase1,phase2,phase3 --features speed1,speed2,speed3"),
    ];
}
