using System.Globalization;
using TestSidecar;

const string Usage = """
    usage: TestSidecar [--http PORT] [--grpc PORT] [--store memory|redis://HOST:PORT] [--app [GROUP=]URL]...
                       [--app-token TOKEN] [--secrets FILE] [--prefix TEXT] [--runtime-version X.Y.Z] [--redeliver-ms N]
    """;

var options = new SidecarOptions { HttpPort = 3500, GrpcPort = 50001 };
try
{
    if (args.Length % 2 != 0)
        throw new FormatException("An option lacks its value.");
    foreach (var pair in args.Chunk(2))
        options = With(options, pair[0], pair[1]);
}
catch (Exception e) when (e is FormatException or ArgumentException)
{
    await Console.Error.WriteLineAsync(e.Message);
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

await using var sidecar = await Sidecar.StartAsync(options);
await Console.Out.WriteLineAsync($"ready http={sidecar.HttpAddress.Port} grpc={sidecar.GrpcAddress.Port}");
await sidecar.WaitForShutdownAsync();
return 0;

static SidecarOptions With(SidecarOptions options, string name, string value) => name switch
{
    "--http" => options with { HttpPort = int.Parse(value, CultureInfo.InvariantCulture) },
    "--grpc" => options with { GrpcPort = int.Parse(value, CultureInfo.InvariantCulture) },
    "--store" => options with { Store = value },
    "--app" => options with { Apps = [.. options.Apps, AppAddress.Parse(value)] },
    "--app-token" => options with { AppToken = value },
    "--secrets" => options with { SecretsFile = value },
    "--prefix" => options with { KeyPrefix = value },
    "--runtime-version" => options with { RuntimeVersion = value },
    "--redeliver-ms" => options with { RedeliverAfter = TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture)) },
    _ => throw new ArgumentException($"{name} is not an option."),
};
