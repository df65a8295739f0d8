namespace MlnetClip.Accuracy;

/// <summary>The minimum of a function of few variables in the unit cube, by the simplex of Nelder and Mead (1965).</summary>
internal static class NelderMead
{
    /// <summary>Minimises from a start; points outside the cube are moved to its border.</summary>
    /// <param name="function">The function.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="steps">Iterations.</param>
    public static (double[] Point, double Value) Minimize(Func<double[], double> function, double[] start, int steps = 200)
    {
        int n = start.Length;
        var simplex = new List<(double[] Point, double Value)> { Evaluate(start) };
        for (int i = 0; i < n; i++)
        {
            double[] corner = [.. start];
            corner[i] += corner[i] > 0.5 ? -0.25 : 0.25;
            simplex.Add(Evaluate(corner));
        }

        for (int step = 0; step < steps; step++)
        {
            simplex.Sort((a, b) => a.Value.CompareTo(b.Value));
            double[] worst = simplex[n].Point, centre = new double[n];
            for (int i = 0; i < n; i++) centre[i] = simplex.Take(n).Average(corner => corner.Point[i]);
            var reflected = Evaluate(Along(centre, worst, -1));
            if (reflected.Value < simplex[0].Value)
            {
                var expanded = Evaluate(Along(centre, worst, -2));
                simplex[n] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < simplex[n - 1].Value)
            {
                simplex[n] = reflected;
            }
            else
            {
                var contracted = Evaluate(Along(centre, worst, reflected.Value < simplex[n].Value ? -0.5 : 0.5));
                if (contracted.Value < Math.Min(reflected.Value, simplex[n].Value)) simplex[n] = contracted;
                else for (int i = 1; i <= n; i++) simplex[i] = Evaluate(Along(simplex[0].Point, simplex[i].Point, 0.5));
            }
        }

        return simplex.MinBy(corner => corner.Value);

        (double[] Point, double Value) Evaluate(double[] point)
        {
            double[] inside = [.. point.Select(value => Math.Clamp(value, 0, 1))];
            return (inside, function(inside));
        }

        double[] Along(double[] from, double[] to, double share)
        {
            var point = new double[n];
            for (int i = 0; i < n; i++) point[i] = from[i] + (share * (to[i] - from[i]));
            return point;
        }
    }
}
