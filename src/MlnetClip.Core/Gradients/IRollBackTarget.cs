namespace MlnetClip.Gradients;

/// <summary>What <see cref="NonFinitePolicy.RollBack"/> needs of the training loop: a snapshot to go back to.</summary>
/// <remarks>The target owns the snapshot and puts it into its checkpoints, so that a resumed fit can still go back.</remarks>
internal interface IRollBackTarget
{
    /// <summary>Whether there is a snapshot to go back to.</summary>
    bool HasSnapshot { get; }

    /// <summary>Keeps a copy of the parameter values and the optimizer's state, replacing the last. Allocates nothing after the first call.</summary>
    void TakeSnapshot();

    /// <summary>Brings back values and optimizer state of the last snapshot.</summary>
    /// <param name="learningRateFactor">What every learning rate from here on is multiplied by, on top of earlier roll-backs.</param>
    void RollBack(float learningRateFactor);
}
