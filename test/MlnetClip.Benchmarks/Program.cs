using System.Globalization;
using BenchmarkDotNet.Running;
using MlnetClip.Accuracy;
using MlnetClip.Benchmarks;
using MlnetClip.Benchmarks.Search;

const string Help =
    """
    usage: bench [options]            the engine beside libtorch and ONNX Runtime: the table, and JSON where asked for
           bench clip [options]       what measuring and clipping cost in a step; takes --rows and --seconds
           bench libtorch [options]   the libtorch engine: its step beside ours, unrolled, and the copies to and from the device; takes --rows and --seconds
           bench monitoring [options] what observing a fit costs in a step with 64 hidden units; takes --seconds
           bench scaling [options]    a training step with 1 and 2 threads, more time steps and more sequences; takes --seconds and --isa
           bench transform [--rows N] Transform over N rows, 1 million by default, and a tenth of them: rows a second, the network's share, memory
           bench startup [--tool PATH] the time until the tool's help and the first training step appear, of the tool built here or of an installed one
           bench kernels [options]    single kernels with BenchmarkDotNet; its options follow
           bench search [options]     the search for a threshold beside an exhaustive grid, and what it costs
           bench accuracy [options]   the forecaster's errors beside those of linear methods, exponential smoothing and naive rules
           bench stream [--rows N]    training on a text file of N rows, 10 million by default, through a shuffle buffer: time and memory

    the engine:
      --json FILE      writes the figures
      --rows 1,2,7     only these training rows, counted from 1; 0 for none
      --seconds S      seconds for each measurement, 2 by default: 5 to 10 minutes in all
      --isa ISA        avx2 or avx512 for all sides; by default all that the processor has (ONNX Runtime has no such switch)
      --no-peer        our side alone

    the search:
    """ + "\n" + SearchOptions.Help + "\n\naccuracy:\n" + AccuracyOptions.Help;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    if (args is ["kernels", ..])
    {
        BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(args[1..]);
        return 0;
    }

    if (args is ["search", .. var rest] && !args.Contains("--help"))
    {
        SearchTable.Run(SearchOptions.Parse(rest));
        return 0;
    }

    if (args is ["accuracy", .. var accuracy] && !args.Contains("--help"))
    {
        AccuracyTable.Run(AccuracyOptions.Parse(accuracy), Machine.Describe());
        return 0;
    }

    if (args is ["startup", .. var startup])
    {
        if (startup is [var what]) StartupTable.Own(what);
        else StartupTable.Run(startup switch { [] => null, ["--tool", var path] => path, _ => throw new ArgumentException("startup takes --tool and a path.") });
        return 0;
    }

    if (args is ["transform-own", var kind, var number])
    {
        Console.WriteLine(TransformTable.Own(kind, int.Parse(number)));
        return 0;
    }

    if (args is ["transform", .. var transform])
    {
        TransformTable.Run(transform switch
        {
            [] => 1_000_000,
            ["--rows", var rows] when int.TryParse(rows, out int count) => count,
            _ => throw new ArgumentException("transform takes --rows and a number."),
        });
        return 0;
    }

    if (args is ["scaling", .. var scaling])
    {
        ScalingTable.Run(EngineOptions.Parse(scaling));
        return 0;
    }

    if (args is ["own", .. var own])
    {
        Console.WriteLine(OwnProcess.Measure(own));
        return 0;
    }

    if (args.Contains("--help"))
    {
        Console.WriteLine(Help);
        return 0;
    }

    if (args is ["stream", .. var stream])
    {
        StreamingRun.Run(stream switch
        {
            [] => 10_000_000,
            ["--rows", var rows] when int.TryParse(rows, out int count) => count,
            _ => throw new ArgumentException("stream takes --rows and a number."),
        });
        return 0;
    }

    if (args is ["monitoring", .. var monitoring])
    {
        MonitoringTable.Run(EngineOptions.Parse(monitoring));
        return 0;
    }

    if (args is ["clip", .. var clip])
    {
        ClipTable.Run(EngineOptions.Parse(clip));
        return 0;
    }

    if (args is ["libtorch", .. var libtorch])
    {
        LibtorchTable.Run(EngineOptions.Parse(libtorch));
        return 0;
    }

    EngineTable.Run(EngineOptions.Parse(args));
    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n{Help}");
    return 2;
}
