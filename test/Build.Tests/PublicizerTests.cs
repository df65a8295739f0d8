using System.Reflection;
using System.Runtime.Loader;

namespace MlnetClip.Build.Tests;

/// <summary>The publicizer on this very assembly.</summary>
[TestClass]
public sealed class PublicizerTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly byte[] Original = File.ReadAllBytes(typeof(PublicizerTests).Assembly.Location);
    private static readonly byte[] Copy = Publicized();

    [TestMethod]
    public void TypesAreFlippedAndPrivateOnesStay()
    {
        Assert.IsTrue(Load("Specimen").IsPublic);
        Assert.IsTrue(Load("Specimen+Internal").IsNestedPublic);
        Assert.IsTrue(Load("Specimen+Private").IsNestedPrivate);
        Assert.IsTrue(Load("Specimen+PrivateProtected").IsNestedFamANDAssem);
    }

    [TestMethod]
    public void InternalMembersAreFlippedAndAllOthersStay()
    {
        Type specimen = Load("Specimen");
        Assert.AreEqual(MethodAttributes.Public, Access("InternalMethod"));
        Assert.AreEqual(MethodAttributes.Private, Access("PrivateMethod"));
        Assert.AreEqual(MethodAttributes.Family, Access("ProtectedMethod"));
        Assert.AreEqual(MethodAttributes.FamANDAssem, Access("PrivateProtectedMethod"));
        Assert.AreEqual(MethodAttributes.FamORAssem, Access("ProtectedInternalMethod"));
        Assert.IsTrue(specimen.GetConstructors(All).Single(c => !c.IsStatic).IsPublic);
        Assert.IsTrue(specimen.GetField("InternalField", All)!.IsPublic);
        Assert.IsTrue(specimen.GetField("PrivateField", All)!.IsPrivate);

        MethodAttributes Access(string name) => specimen.GetMethod(name, All)!.Attributes & MethodAttributes.MemberAccessMask;
    }

    [TestMethod]
    public void OnlyVisibilityBitsChange()
    {
        Assert.AreEqual(Original.Length, Copy.Length);
        for (int i = 0; i < Copy.Length; i++) Assert.AreEqual(0, (Original[i] ^ Copy[i]) & ~7, $"byte {i}");
    }

    [TestMethod]
    public void WhatIsNoAssemblyIsRefused() => Assert.ThrowsExactly<BadImageFormatException>(() => Publicizer.MakeInternalsPublic(new byte[1000]));

    private static byte[] Publicized()
    {
        byte[] image = [.. Original];
        Publicizer.MakeInternalsPublic(image);
        return image;
    }

    private static Type Load(string name) =>
        new AssemblyLoadContext("publicized").LoadFromStream(new MemoryStream(Copy)).GetType($"{typeof(Specimen).Namespace}.{name}", throwOnError: true)!;
}
