using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>The rules of a fit, the state of each, and the number of steps in which each had a threshold in force. Part of a checkpoint.</summary>
internal sealed class ClippingStates
{
    private readonly ClippingState?[] _states;
    private readonly long[] _inForce;

    /// <summary>Creates fresh states.</summary>
    /// <param name="clipping">The rules.</param>
    /// <param name="gradient">The gradients that the rules will be called with.</param>
    /// <exception cref="ArgumentException">A rule's group selects no parameter, or none that the rule applies to.</exception>
    public ClippingStates(GradientClipping clipping, GradientGroup gradient)
    {
        if (clipping.ProblemWith(gradient.Items) is { } problem) throw new ArgumentException($"{nameof(GradientClipping)}: {problem}");
        Rules = clipping.Rules;
        _states = [.. Rules.Select(rule => rule.CreateState(gradient))];
        _inForce = new long[_states.Length];
    }

    /// <summary>The rules, in the order they are applied.</summary>
    public IReadOnlyList<IClippingRule> Rules { get; }

    /// <summary>The state of a rule; null for a rule without state.</summary>
    public ClippingState? this[int rule] => _states[rule];

    /// <summary>By rule, the steps in which it had a threshold in force; none while a rule only measures.</summary>
    public IReadOnlyList<long> StepsInForce => _inForce;

    /// <summary>Counts a step in which a rule had a threshold in force.</summary>
    public void CountInForce(int rule) => _inForce[rule]++;

    /// <summary>The states of adaptive rules in words, one line for each.</summary>
    public IEnumerable<string> Describe() =>
        Rules.Zip(_states).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Text}: {pair.Second!.Describe()}");

    public void Write(BinaryWriter writer)
    {
        for (int i = 0; i < _states.Length; i++)
        {
            writer.Write(_inForce[i]);
            if (_states[i] is not { } state) continue;
            using var content = new MemoryStream();
            using (var inner = new BinaryWriter(content)) state.Write(inner);
            writer.Write(state.Version);
            byte[] bytes = content.ToArray();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote for the same rules.</summary>
    /// <exception cref="InvalidDataException">A state is of a newer version or damaged.</exception>
    public void Read(BinaryReader reader)
    {
        for (int i = 0; i < _states.Length; i++)
        {
            string text = Rules[i].Text;
            _inForce[i] = reader.ReadInt64($"the steps in which '{text}' was in force");
            if (_states[i] is not { } state) continue;
            int version = reader.ReadInt32($"the version of the state of '{text}'", 1, state.Version);
            int length = reader.ReadCount($"the length of the state of '{text}'", 1);
            using var content = new MemoryStream(reader.ReadBytes(length), writable: false);
            using var inner = new BinaryReader(content);
            try
            {
                state.Read(inner, version);
            }
            catch (Exception error) when (error is not OutOfMemoryException) // rules may come from outside
            {
                throw new InvalidDataException($"the state of '{text}' cannot be read: {error.Message}", error);
            }

            if (content.Position != content.Length)
                throw FieldReader.Wrong($"the length of the state of '{text}'", $"must be the {content.Position} bytes that the rule reads", $"{length}");
        }
    }

    /// <summary>Throws when a rule was in force in more steps than there were.</summary>
    /// <exception cref="InvalidDataException">One was.</exception>
    public void Check(long steps)
    {
        for (int i = 0; i < _inForce.Length; i++)
            if (_inForce[i] > steps) throw FieldReader.Wrong($"the steps in which '{Rules[i].Text}' was in force", $"must be at most {steps}", $"{_inForce[i]}");
    }
}
