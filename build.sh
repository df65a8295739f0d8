#!/bin/sh
# demo, test, bench, build, pack: `./build.sh --help`. What they do is in eng/build.
if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET 10 SDK is needed, and 'dotnet' is not on the PATH. Hint: https://dotnet.microsoft.com/download" >&2
    exit 1
fi
exec dotnet run --project "$(dirname -- "$0")/eng/build" -- "$@"
