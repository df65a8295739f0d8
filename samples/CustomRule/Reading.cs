namespace CustomRule;

internal sealed class Reading
{
    public float Value { get; set; }
}
