namespace MlnetClip;

/// <summary>A component of a model file, as its <c>Model.key</c> describes it.</summary>
/// <param name="Path">The folder of the component in the file, for example <c>TransformerChain/Transform_000</c>.</param>
/// <param name="LoaderSignature">The name under which Microsoft.ML finds the component's loader, for example <c>LstmForecasting</c>.</param>
/// <param name="LoaderAssembly">The assembly that Microsoft.ML loads for it, with its version; empty where none is named.</param>
public sealed record SavedComponent(string Path, string LoaderSignature, string LoaderAssembly);
