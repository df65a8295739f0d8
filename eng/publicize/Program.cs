using MlnetClip.Build;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Publicize <assembly> <copy to write>");
    return 2;
}

byte[] image = File.ReadAllBytes(args[0]);
Publicizer.MakeInternalsPublic(image);

// Written aside and renamed: a build that is interrupted leaves no half-written reference behind.
string target = Path.GetFullPath(args[1]);
Directory.CreateDirectory(Path.GetDirectoryName(target)!);
string aside = $"{target}.{Environment.ProcessId}";
File.WriteAllBytes(aside, image);
File.Move(aside, target, overwrite: true);
return 0;
