namespace MlnetClip.Gradients;

/// <summary>What <see cref="NonFinitePolicy.RollBack"/> needs from the training loop: a snapshot to roll back to.</summary>
/// <remarks>The target owns the snapshot and writes it to checkpoints, so that a resumed fit can still roll back.</remarks>
internal interface IRollBackTarget
{
    /// <summary>Whether there is a snapshot to roll back to.</summary>
    bool HasSnapshot { get; }

    /// <summary>Copies the parameter values and the optimizer's state, replacing the previous copy. Allocates nothing after the first call.</summary>
    void TakeSnapshot();

    /// <summary>Restores the parameter values and the optimizer's state from the last snapshot.</summary>
    /// <param name="learningRateFactor">A factor on every learning rate from now on, in addition to those of earlier roll-backs.</param>
    void RollBack(float learningRateFactor);
}
