using OxyPlot;

namespace MlnetClip.Reports.Pictures;

/// <summary>Measures texts in pixels of 1/96 inch, as browsers draw them. OxyPlot's own measure is in points of 1/72 inch, and a legend would cut its names off.</summary>
internal sealed class TextWidths() : PdfRenderContext(1, 1, OxyColors.White)
{
    private const double PixelsPerPoint = 96.0 / 72;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(size.Width * PixelsPerPoint, size.Height);
    }
}
