using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Clipping;

/// <summary>
/// Clipping at work in one fit: measures the gradient, asks the <see cref="NonFinitePolicy"/>, lets the rules act in
/// order, keeps their memories, and reports. Allocates nothing in <see cref="Apply"/> after construction.
/// </summary>
public sealed class ClippingChain
{
    private const int Format = 2; // 1 had no figures of what is limited inside the backward pass

    private readonly NonFinitePolicy _policy;
    private readonly GradientStore _store;
    private readonly GradientGroup _whole;
    private readonly IClippingRule[] _rules;
    private readonly ClippingState?[] _states;
    private readonly IRollBackTarget? _target;
    private readonly bool _deferScale;
    private int _consecutive;
    private int _rollBacks;
    private bool _hasSnapshot;
    private ClippingStep _lastStep = new(0); // with the size of a full batch, which the last one of an epoch may not have

    /// <summary>Prepares clipping for one fit of a model.</summary>
    /// <param name="clipping">The rules.</param>
    /// <param name="policy">What happens to a gradient that is not finite.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="rollBackTarget">Needed where the policy rolls back.</param>
    /// <param name="deferScale">True when the caller passes <see cref="ClipReport.PendingScale"/> to the optimizer, which saves a pass over the
    /// gradient; false (the default) leaves the final values in the gradient.</param>
    /// <exception cref="ArgumentException">The policy rolls back and there is no target.</exception>
    public ClippingChain(
        GradientClipping clipping, NonFinitePolicy policy, ParameterSet parameters,
        IRollBackTarget? rollBackTarget = null, bool deferScale = false)
        : this(clipping, policy, parameters, rollBackTarget, deferScale, SerialWorkers.Instance)
    {
    }

    internal ClippingChain(
        GradientClipping clipping, NonFinitePolicy policy, ParameterSet parameters,
        IRollBackTarget? rollBackTarget, bool deferScale, IWorkers workers)
    {
        ArgumentNullException.ThrowIfNull(clipping);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(parameters);
        if (policy.Action == NonFiniteAction.RollBack && rollBackTarget is null)
            throw new ArgumentException("A policy that rolls back needs a target that keeps the snapshots.", nameof(rollBackTarget));
        Clipping = clipping;
        _policy = policy;
        _store = new GradientStore(parameters, workers);
        _whole = new GradientGroup(_store, _store.All);
        _rules = [.. clipping.Rules];
        _states = [.. _rules.Select(r => r.CreateState(_whole))];
        _target = rollBackTarget;
        _deferScale = deferScale;
    }

    /// <summary>The rules at work.</summary>
    public GradientClipping Clipping { get; }

    /// <summary>Figures over all steps so far.</summary>
    public ClippingStatistics Statistics { get; } = new();

    /// <summary>Clips the gradient that the backward pass left in the parameter set.</summary>
    /// <param name="step">The step.</param>
    /// <param name="shareLimitedInside">What the backend says of the backward pass, for the report: see <see cref="ClipReport.ShareLimitedInside"/>.</param>
    /// <returns>What was seen and done; the optimizer runs if <see cref="ClipReport.TakesStep"/>, with <see cref="ClipReport.PendingScale"/>.</returns>
    /// <exception cref="NonFiniteGradientException">The gradient is not finite and the policy, or its budget, ends the fit.</exception>
    public ClipReport Apply(in ClippingStep step, double shareLimitedInside = 0)
    {
        _lastStep = step with { BatchSize = Math.Max(step.BatchSize, _lastStep.BatchSize) };
        _store.Measure();
        double before = GradientStore.Norm(_store.Squares, _store.All);
        var report = new ClipReport { Step = step.Step, NormBefore = before, NormAfter = before, ShareLimitedInside = shareLimitedInside, Elements = _store.Parameters.Length };
        if (!double.IsFinite(before)) report = Meet(report, step);
        else Approve(step);

        if (report.TakesStep) report = ApplyRules(report, step);
        Statistics.Add(report);
        return report;
    }

    /// <summary>Norms of the last step's gradient by part; they are at hand, so nothing is computed over the elements.</summary>
    /// <param name="scope">Which parts.</param>
    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => [.. _whole.PartArray(scope).Select(part => part.BeforeAndAfter(scope))];

    /// <summary>The provenance of the fit up to now.</summary>
    /// <param name="seed">The seed of the fit.</param>
    /// <param name="learningRate">Its learning rate, before schedule and roll-backs; NaN where unknown.</param>
    /// <param name="optimizer">Text form of its optimizer; empty where unknown.</param>
    public ClippingSummary Summarize(ulong seed, double learningRate = double.NaN, string optimizer = "") => new()
    {
        Clipping = Clipping.ToString(),
        Policy = _policy.ToString(),
        Seed = seed,
        LearningRate = learningRate,
        Optimizer = optimizer,
        BackpropClipping = [.. Clipping.BackpropClipping?.Describe() ?? []],
        Rules = [.. _rules.Select(r => $"{r.Text}: {r.Describe(_lastStep)}")],
        Steps = Statistics.Steps,
        FiniteSteps = Statistics.FiniteSteps,
        ClippedSteps = Statistics.ClippedSteps,
        SkippedSteps = Statistics.SkippedSteps,
        ZeroedSteps = Statistics.ZeroedSteps,
        RollBacks = Statistics.RollBacks,
        ShareLimitedInside = Statistics.ShareLimitedInside,
        ShareOfElementsClamped = Statistics.ShareOfElementsClamped,
        MeanReduction = Statistics.MeanReduction,
        NormMean = Statistics.NormMean,
        NormMax = Statistics.NormMax,
        NormQuantiles = Statistics.NormQuantiles([.. ClippingSummary.QuantileShares]),
        QuantilesAreExact = Statistics.QuantilesAreExact,
        States = [.. DescribeStates()],
        TimeStepNorms = Statistics.TimeStepNorms,
        FirstEvents = [.. Statistics.FirstEvents],
    };

    /// <summary>Writes everything that the next step depends on, and the statistics.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Format);
        writer.Write(Clipping.ToString());
        writer.Write(_policy.ToString());
        writer.Write(_consecutive);
        writer.Write(_rollBacks);
        writer.Write(_hasSnapshot);
        foreach (ClippingState? state in _states)
        {
            if (state is null) continue;
            using var content = new MemoryStream();
            using (var inner = new BinaryWriter(content)) state.Write(inner);
            writer.Write(state.Version);
            byte[] bytes = content.ToArray();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        Statistics.Write(writer);
    }

    /// <summary>Replaces state and statistics by what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written for other rules or another policy, by a newer version, or is damaged.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int format = reader.ReadInt32();
        if (format is < 1 or > Format) throw new InvalidDataException($"Clipping state of format {format}; this version reads 1 to {Format}.");
        Expect("clipping", reader.ReadString(), Clipping.ToString());
        Expect("non-finite policy", reader.ReadString(), _policy.ToString());
        _consecutive = reader.ReadInt32();
        _rollBacks = reader.ReadInt32();
        _hasSnapshot = reader.ReadBoolean();
        for (int i = 0; i < _rules.Length; i++)
        {
            if (_states[i] is not { } state) continue;
            int version = reader.ReadInt32();
            if (version < 1 || version > state.Version)
                throw new InvalidDataException($"The state of '{_rules[i].Text}' has version {version}; this one reads 1 to {state.Version}.");
            using var content = new MemoryStream(reader.ReadBytes(reader.ReadInt32()), writable: false);
            using var inner = new BinaryReader(content);
            state.Read(inner, version);
            if (content.Position != content.Length) throw new InvalidDataException($"The state of '{_rules[i].Text}' is longer than it should be.");
        }

        Statistics.Read(reader, format);
    }

    private IEnumerable<string> DescribeStates() =>
        _rules.Zip(_states).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Text}: {pair.Second!.Describe()}");

    private static void Expect(string what, string found, string expected)
    {
        if (found != expected) throw new InvalidDataException($"The checkpoint was written with the {what} '{found}', this fit uses '{expected}'.");
    }

    private ClipReport ApplyRules(ClipReport report, in ClippingStep step)
    {
        double scale = 1, threshold = double.NaN;
        long clamped = 0;
        int acted = -1;
        StepOutcome outcome = report.Outcome;
        for (int i = 0; i < _rules.Length && outcome != StepOutcome.Skipped; i++)
        {
            _store.BeginRule();
            ClipReport rule = _rules[i].Apply(_whole, step, _states[i]);
            scale *= rule.Scale;
            clamped += rule.ElementsClamped;
            if (rule.Changed || (acted < 0 && double.IsNaN(threshold))) threshold = rule.Threshold;
            if (rule.Changed) acted = i;
            if (rule.Outcome == StepOutcome.Skipped) outcome = StepOutcome.Skipped;
        }

        _store.Refresh();
        if (!_deferScale || !ScaleInPlace.FitsFloat(_store.Pending)) _store.Settle();
        return report with
        {
            NormAfter = GradientStore.Norm(_store.Squares, _store.All),
            Scale = scale,
            PendingScale = (float)_store.Pending,
            ElementsClamped = clamped,
            Changed = report.Changed || acted >= 0,
            Rule = acted,
            Threshold = threshold,
            Outcome = outcome,
        };
    }

    private void Approve(in ClippingStep step)
    {
        _consecutive = 0;
        if (_target is null || _policy.Action != NonFiniteAction.RollBack) return;
        if (_hasSnapshot && step.Step % _policy.SnapshotEvery != 0) return;
        _target.TakeSnapshot();
        _hasSnapshot = true;
    }

    private ClipReport Meet(ClipReport report, in ClippingStep step)
    {
        int first = Array.FindIndex(_store.Squares, s => !double.IsFinite(s));
        GradientBlock block = _store.Blocks[first];
        Parameter parameter = _store.Parameters.Items[block.Parameter];
        _consecutive++;
        StepOutcome? outcome = _policy.Action switch
        {
            NonFiniteAction.SkipStep when _consecutive <= _policy.MaxConsecutive => StepOutcome.Skipped,
            NonFiniteAction.ZeroTensor when _consecutive <= _policy.MaxConsecutive => StepOutcome.ZeroedTensor,
            NonFiniteAction.RollBack when _hasSnapshot && _rollBacks < _policy.MaxRollBacks => StepOutcome.RolledBack,
            _ => null,
        };
        var occurrence = new NonFiniteEvent(
            step.Step, step.Epoch, parameter.Name, parameter.Layer, block.Gate < 0 ? null : parameter.Gates[block.Gate], outcome);
        Statistics.Add(occurrence);
        if (outcome is null) throw new NonFiniteGradientException(Explain(occurrence), occurrence);
        if (outcome == StepOutcome.ZeroedTensor) _store.ZeroBadTensors();
        if (outcome == StepOutcome.RolledBack)
        {
            _rollBacks++;
            _target!.RollBack(_policy.LearningRateFactor);
        }

        return report with
        {
            Outcome = outcome.Value,
            FirstBadParameter = block.Parameter,
            FirstBadGate = block.Gate,
            Changed = outcome == StepOutcome.ZeroedTensor,
        };
    }

    private string Explain(NonFiniteEvent occurrence)
    {
        string after = _policy.Action switch
        {
            NonFiniteAction.RollBack when !_hasSnapshot => ", before any finite gradient was seen to roll back to",
            NonFiniteAction.RollBack => $", after {_rollBacks} roll-backs",
            NonFiniteAction.Throw => "",
            _ => $", step number {_consecutive} in a row",
        };
        string hint = occurrence.Step == 0
            ? "at the first step this comes from the data: look for infinite or very large features or labels, and scale them."
            : "clip (norm:1), lower the learning rate, or look for extreme values in the data; where only single batches are bad, "
                + "the policy skip:10 leaves them out.";
        return $"The gradient is not finite at {occurrence}{after}. The non-finite policy is '{_policy}'.\nHint: {hint}";
    }
}
