using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace MlnetClip.Reports.Pictures;

/// <summary>What all pictures have in common.</summary>
internal static class Picture
{
    private static readonly OxyColor Grid = OxyColor.Parse("#dddddd"), Soft = OxyColor.Parse("#555555");

    /// <summary>An empty picture with a title and a legend above its chart.</summary>
    public static PlotModel Create(string title)
    {
        var model = new PlotModel
        {
            Title = title, TitleFontSize = 16, TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinPlotArea, DefaultFont = "Arial", DefaultFontSize = 13,
            Background = OxyColors.White, PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1), PlotAreaBorderColor = Grid,
        };
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.TopCenter, LegendOrientation = LegendOrientation.Horizontal, LegendSymbolLength = 24, LegendSymbolMargin = 8, LegendItemSpacing = 20 });
        return model;
    }

    /// <summary>Gives an axis its name and grid lines.</summary>
    public static Axis Named(Axis axis, string title)
    {
        axis.Title = title;
        axis.TitleColor = Soft;
        axis.TicklineColor = Grid;
        axis.AxislineColor = Grid;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = Grid;
        axis.AxisTitleDistance = 10;
        return axis;
    }

    /// <summary>Writes a picture as SVG.</summary>
    public static void Write(PlotModel model, Stream stream, double width, double height) =>
        new SvgExporter { Width = width, Height = height, UseVerticalTextAlignmentWorkaround = true, TextMeasurer = new TextWidths() }.Export(model, stream);
}
