namespace ClassifyText;

/// <summary>A sentence, and whether its author would come again.</summary>
public sealed class Review
{
    public string Text { get; set; } = "";

    public bool ComesAgain { get; set; }

    /// <summary>
    /// Generated sentences of two clauses, each with or without a negation. The last clause decides, so that the same words in another order mean the opposite.
    /// </summary>
    public static IEnumerable<Review> Generate(int count, int seed)
    {
        string[] subjects = ["the food", "the service", "the room", "the view", "the music", "our waiter", "the breakfast", "the garden"];
        string[] good = ["good", "lovely", "excellent", "friendly", "quiet", "clean"], bad = ["bad", "awful", "slow", "noisy", "dirty", "rude"];
        string[] verbs = ["was", "is", "seemed"], negations = ["not", "never", "hardly"], fillers = ["", "really ", "at all ", "always "];
        var random = new Random(seed);
        string Of(string[] words) => words[random.Next(words.Length)];
        (string Text, bool IsGood) Clause()
        {
            bool positive = random.Next(2) == 0, negated = random.Next(2) == 0;
            return ($"{Of(subjects)} {Of(verbs)} {(negated ? Of(negations) + " " : "")}{Of(fillers)}{Of(positive ? good : bad)}", positive != negated);
        }

        for (int i = 0; i < count; i++)
        {
            var (first, _) = Clause();
            var (last, isGood) = Clause();
            yield return new Review { Text = $"{first} {(random.Next(2) == 0 ? "but" : "and")} {last}", ComesAgain = isGood };
        }
    }
}
