@echo off
rem demo, test, bench, build, pack: `build.cmd --help`. What they do is in eng\build.
where dotnet >nul 2>nul
if errorlevel 1 (
    echo The .NET 10 SDK is needed, and dotnet is not on the PATH. Hint: https://dotnet.microsoft.com/download 1>&2
    exit /b 1
)
dotnet run --project "%~dp0eng\build" -- %*
exit /b %errorlevel%
