#!/bin/sh
# Runs the tests of MlnetClip.Core as ARM64 programs (NEON) under qemu on Linux x64: eng/test-arm64.sh [arguments of the test program].
# By default the kernels, goldens, layers and losses; about 10 minutes. Debian: apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross.
cd "$(dirname -- "$0")/.." || exit 1
if ! command -v qemu-aarch64-static >/dev/null || [ ! -d /usr/aarch64-linux-gnu ]; then
    echo "qemu-aarch64-static and the libraries in /usr/aarch64-linux-gnu are needed." >&2
    echo "Hint: on Debian, apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross" >&2
    exit 1
fi
dotnet publish test/MlnetClip.Core.Tests -c Release -r linux-arm64 --self-contained true -o artifacts/arm64 -v quiet -nologo || exit 1
[ $# -gt 0 ] || set -- --filter "FullyQualifiedName~Kernels|FullyQualifiedName~Goldens|FullyQualifiedName~Layers|FullyQualifiedName~Losses"
# .NET runs under qemu only with memory that is writable and executable at once, and with a limit to the heap that it reserves.
export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu DOTNET_EnableWriteXorExecute=0 DOTNET_GCHeapHardLimit=0x40000000
exec qemu-aarch64-static -cpu max artifacts/arm64/MlnetClip.Core.Tests "$@"
