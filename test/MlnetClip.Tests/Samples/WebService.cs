using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>A sample that serves requests, in a process of its own on a free port.</summary>
internal sealed class WebService : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Process _process;
    private readonly HttpClient _client;

    /// <summary>Starts the service and waits until it listens.</summary>
    public WebService(string sample, string folder)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Co2.Sample(sample), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, WorkingDirectory = folder,
        };
        _process = Process.Start(start)!;
        var address = new TaskCompletionSource<string>();
        _process.OutputDataReceived += (_, line) =>
        {
            Match match = Regex.Match(line.Data ?? "", @"Now listening on: (http://\S+)");
            if (match.Success) address.TrySetResult(match.Groups[1].Value);
            else if (line.Data is null) address.TrySetException(new InvalidOperationException($"{sample} ended without listening."));
        };
        _process.BeginOutputReadLine();
        try
        {
            _client = new HttpClient { BaseAddress = new Uri(address.Task.WaitAsync(Patience.Limit).GetAwaiter().GetResult()), Timeout = Patience.Limit };
        }
        catch
        {
            End();
            throw;
        }
    }

    public async Task<T> Get<T>(string path) => (await _client.GetFromJsonAsync<T>(path, Json))!;

    public async Task<T> Post<T>(string path, object body)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(path, body, Json);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<T>(Json))!;
    }

    public async Task<System.Net.HttpStatusCode> StatusOfPost(string path, object body)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(path, body, Json);
        return response.StatusCode;
    }

    public void Dispose()
    {
        _client.Dispose();
        End();
    }

    private void End()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
