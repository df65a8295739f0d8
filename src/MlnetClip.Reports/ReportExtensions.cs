using Microsoft.ML;
using MlnetClip.Checkpoints;
using MlnetClip.Reports;
using MlnetClip.Reports.Page;
using MlnetClip.Reports.Pictures;
using MlnetClip.Reports.Studies;

namespace MlnetClip;

/// <summary>Writes reports: one HTML file each, which needs no other file and no network.</summary>
public static class ReportExtensions
{
    /// <summary>
    /// Writes the report of a model's training: losses, gradient norms and clipping over the steps, the conclusions in words, and every option; with
    /// <see cref="ReportOptions.EvaluationData"/>, what the model predicts there. A file that exists is replaced once the report is complete.
    /// </summary>
    /// <param name="model">A trained model of MlnetClip, or a chain of transformers with one. The steps are recorded in a model that was fitted in this process; a model file keeps figures by epoch only.</param>
    /// <param name="path">The HTML file; its folder must exist.</param>
    /// <param name="options">What else the report shows; null for nothing else.</param>
    /// <exception cref="ArgumentException">The model has no transformer of MlnetClip, or an option is outside its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column of the evaluation data is missing or has another type.</exception>
    /// <exception cref="IOException">The folder is missing, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void SaveReport(this ITransformer model, string path, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ReportOptions();
        ReportedModel reported = ReportedModel.Of(model);
        Save(path, new ReportPage(options.Title ?? reported.Title, reported.Sections(options)));
    }

    /// <summary>
    /// Writes the report of a study: the loss over the threshold with plateau and noise, every trial, which trials were stopped early, and the training of the recommended model.
    /// A file that exists is replaced once the report is complete.
    /// </summary>
    /// <param name="result">The result of the study.</param>
    /// <param name="path">The HTML file; its folder must exist.</param>
    /// <param name="options">What else the report shows about the model; null for nothing else.</param>
    /// <inheritdoc cref="SaveReport(ITransformer, string, ReportOptions)" path="/exception"/>
    public static void SaveReport(this ClippingStudyResult result, string path, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ReportOptions();
        IEnumerable<ReportSection> model = result.BestModel is { } best ? ReportedModel.Of(best).Sections(options) : [];
        Save(path, new ReportPage(options.Title ?? "Threshold search", [.. StudySections.Of(result), .. model]));
    }

    /// <summary>
    /// Writes the curve of a study over a threshold as an SVG picture, for documents: the loss with its spread over seeds, the plateau, the recommended threshold, and the share of
    /// clipped steps.
    /// </summary>
    /// <param name="result">The result of a study that searched a threshold.</param>
    /// <param name="path">The SVG file; its folder must exist. A file that exists is replaced once the picture is complete.</param>
    /// <exception cref="InvalidOperationException">More than a threshold was searched, or no clipped setting was trained to the end.</exception>
    /// <exception cref="IOException">The folder is missing, or the file cannot be written.</exception>
    public static void SaveCurve(this ClippingStudyResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var picture = StudyPicture.Of(result);
        AtomicFile.Write(path, stream => Picture.Write(picture, stream, 960, 540));
    }

    private static void Save(string path, ReportPage page)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path)) throw new IOException($"path must name a file to write, but '{path}' is a folder.");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"path '{path}' cannot be written: there is no folder '{folder}'.{Environment.NewLine}Hint: create the folder first.");
        AtomicFile.Write(path, page.Write);
    }
}
