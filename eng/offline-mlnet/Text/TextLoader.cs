namespace Microsoft.ML.Data;

/// <summary>Reads text files. Of the loader itself there is only its options here.</summary>
public static class TextLoader
{
    /// <summary>How a text file is read.</summary>
    public class Options
    {
        /// <summary>Fields may be enclosed in double quotes, and then contain separators.</summary>
        public bool AllowQuoting;

        /// <summary>The characters between fields; by default a tab.</summary>
        public char[] Separators = ['\t'];

        /// <summary>The first line that is not a comment holds names.</summary>
        public bool HasHeader;

        /// <summary>Removes white space at the end of each line.</summary>
        public bool TrimWhitespace;

        /// <summary>An empty field of a real number is NaN; otherwise it is 0.</summary>
        public bool MissingRealsAsNaNs;
    }
}
