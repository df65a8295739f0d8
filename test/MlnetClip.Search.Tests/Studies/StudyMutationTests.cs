using Microsoft.Data.Sqlite;
using Microsoft.ML;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>Damaged studies, in their bytes and in every field of their rows: each is refused with a sentence that has the file, or it is resumed to its end.</summary>
[TestClass]
public sealed class StudyMutationTests : IDisposable
{
    private static readonly string[] Columns =
        ["number", "generation", "stage", "point", "seed", "state", "attempt", "owner", "lease_end", "value", "reports", "measures", "failure_kind", "failure", "seconds"];

    private static readonly string[] Lists = ["point", "reports", "measures"];

    private static readonly string[] Values =
    [
        "NULL", "-1", "0", "1", "2", "1.5", "1000000", "2147483647", "2147483648", "9223372036854775807", "1e300", "-1e300", "9e999", "-9e999", "''", "'x'", "x'00ff'", "'1'",
        "'Waiting'", "'Running'", "'Complete'", "'Pruned'", "'Failed'", "'Cancelled'", "'Calibrate'", "'Explore'", "'Confirm'", "'NonFinite'", "'Metric'",
        "'null'", "'{}'", "'[]'", "'[[1,\"NaN\"]]'", "'{\"norm\":-1}'", "'{\"norm\":1}'", "'{\"batch_size\":[\"16\",99]}'",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);

    private string Study => _folder.File("study.db");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void NoDamagedStudyDoesHarm()
    {
        IDataView series = FrontStudy.Series(_mlContext);
        Run(series);
        byte[] good = File.ReadAllBytes(Study);
        var mutator = new Mutator(seed: 13);
        var random = new Random(13);
        int next = 0;
        MutationRun.Check("Studies", MutationRun.Count(0.04), () => next++ % 4 == 0 ? mutator.Bytes(good) : WithRows(good, mutator, random), file =>
        {
            Put(file);
            try
            {
                Assert.IsNotEmpty($"{Run(series)}");
                return true;
            }
            catch (Exception e) when (e is InvalidDataException or IOException || e is InvalidOperationException { InnerException: InvalidDataException or IOException })
            {
                Assert.Contains(Study, (e is InvalidOperationException ? e.InnerException! : e).Message);
                return false;
            }
        });
    }

    [TestMethod]
    [DataRow("seed = 3 WHERE number = 1", "trial 1 cannot be right: seed must be below 3, but was 3")]
    [DataRow("generation = 9 WHERE number = 1", "trial 1 cannot be right: generation must be 0 or 1, but was 9")]
    [DataRow("stage = 'Explore' WHERE number = 0", "trial 0 cannot be right: stage must be Calibrate for trial 0")]
    [DataRow("point = '{\"norm\":-1}' WHERE number = 2", "trial 2 cannot be right: norm must be a number of log:")]
    [DataRow("point = '{\"value\":1}' WHERE number = 2", "trial 2 cannot be right: The point 'value=1' has no 'norm'")]
    [DataRow("measures = '{\"norm_q50\":\"Infinity\"}' WHERE number = 0", "trial 0 cannot be right: norm_q50 must be from 0")]
    [DataRow("measures = '{\"share_clipped\":7}' WHERE number = 3", "trial 3 cannot be right: share_clipped must be from 0 to 1, but was 7")]
    [DataRow("state = 'Waiting' WHERE number = 0", "trial 1 cannot be right: trial 0 must have finished before it")]
    public void ATrialThatCannotBeRightIsNamed(string change, string problem)
    {
        IDataView series = FrontStudy.Series(_mlContext);
        Run(series);
        Execute($"UPDATE trials SET {change}");
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Run(series)).Message;
        Assert.StartsWith($"The study '{Study}' is damaged: ", message);
        Assert.Contains(problem, message);
        Assert.Contains("Hint: ", message);
    }

    private ClippingStudyResult Run(IDataView series) => FrontStudy.Create(_mlContext, options => options with
    {
        StoragePath = Study, Budget = new StudyBudget { MaxModelToExplore = 8 },
        Pipeline = clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, forecaster => (forecaster.NumberOfEpochs, forecaster.NumberOfThreads) = (2, 1))),
    }).Run(series);

    private byte[] WithRows(byte[] good, Mutator mutator, Random random)
    {
        Put(good);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int number = random.Next(8);
            string column = Columns[random.Next(Columns.Length)];
            string value = Lists.Contains(column) && random.Next(2) == 0 ? $"'{mutator.Json(Read(column, number)).Replace("'", "''", StringComparison.Ordinal)}'"
                : random.Next(6) == 0 ? $"(SELECT {column} FROM trials WHERE number = {random.Next(8)})"
                : Values[random.Next(Values.Length)];
            try
            {
                Execute($"UPDATE trials SET {column} = {value} WHERE number = {number}");
            }
            catch (SqliteException)
            {
                // The table itself refuses the value; the file stays as it is.
            }
        }

        return File.ReadAllBytes(Study);
    }

    private void Put(byte[] file)
    {
        foreach (string left in Directory.GetFiles(_folder.Path)) File.Delete(left); // also the logs beside the study
        File.WriteAllBytes(Study, file);
    }

    private string Read(string column, int number)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM trials WHERE number = {number}";
        return command.ExecuteScalar() as string ?? "{}";
    }

    private void Execute(string text)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Study};Pooling=False");
        connection.Open();
        return connection;
    }
}
