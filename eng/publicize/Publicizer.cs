using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MlnetClip.Build;

/// <summary>
/// Flips internal types, methods and fields to public by setting the visibility bits in the rows of the metadata tables,
/// where they lie (ECMA-335, II.22.37, II.22.26 and II.22.15). Nothing moves and no size changes.
/// Private and protected members of every kind stay as they are, so that overriding follows the same rules as before.
/// </summary>
internal static class Publicizer
{
    /// <summary>Changes the assembly's image in place.</summary>
    /// <param name="image">The bytes of a managed assembly.</param>
    /// <exception cref="BadImageFormatException">The image holds no metadata.</exception>
    public static void MakeInternalsPublic(byte[] image)
    {
        using var pe = new PEReader(new MemoryStream(image, writable: false));
        if (!pe.HasMetadata) throw new BadImageFormatException("The file is not a managed assembly.");
        MetadataReader metadata = pe.GetMetadataReader();
        int start = pe.PEHeaders.MetadataStartOffset;

        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeAttributes visibility = metadata.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask;
            // Row: Flags (4 bytes) first. <Module>, row 1, is no type.
            int flags = Row(TableIndex.TypeDef, MetadataTokens.GetRowNumber(handle));
            if (visibility == TypeAttributes.NotPublic && MetadataTokens.GetRowNumber(handle) != 1)
                Set(flags, (int)TypeAttributes.VisibilityMask, (int)TypeAttributes.Public);
            else if (visibility == TypeAttributes.NestedAssembly)
                Set(flags, (int)TypeAttributes.VisibilityMask, (int)TypeAttributes.NestedPublic);
        }

        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            // Row: RVA (4), ImplFlags (2), then Flags.
            if ((metadata.GetMethodDefinition(handle).Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Assembly)
                Set(Row(TableIndex.MethodDef, MetadataTokens.GetRowNumber(handle)) + 6, (int)MethodAttributes.MemberAccessMask, (int)MethodAttributes.Public);
        }

        foreach (FieldDefinitionHandle handle in metadata.FieldDefinitions)
        {
            // Row: Flags first.
            if ((metadata.GetFieldDefinition(handle).Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Assembly)
                Set(Row(TableIndex.Field, MetadataTokens.GetRowNumber(handle)), (int)FieldAttributes.FieldAccessMask, (int)FieldAttributes.Public);
        }

        int Row(TableIndex table, int row) =>
            start + metadata.GetTableMetadataOffset(table) + ((row - 1) * metadata.GetTableRowSize(table));

        // All three masks lie in the lowest byte.
        void Set(int offset, int mask, int value) => image[offset] = (byte)((image[offset] & ~mask) | value);
    }
}
