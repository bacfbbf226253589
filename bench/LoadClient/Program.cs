using LoadClient;

const string Usage = """
    usage: LoadClient stream --target NAME URL MODEL [--target …] [--concurrency 1] [--count 500] [--warmup 100] [--events 20] [--key KEY]
           LoadClient hold   --target NAME URL MODEL [--streams 1000] [--events 15] [--key KEY]
           LoadClient start  --target NAME URL MODEL [--count 5] [--key KEY] -- COMMAND [ARGUMENT …]
           LoadClient ready  URL [--seconds 30]
           LoadClient report DIRECTORY
    Each prints one line of JSON, but for ready (nothing; exit code 1 when not ready in time) and report (Markdown).
    """;

try
{
    var arguments = Arguments.Parse(args);
    return arguments.Mode switch
    {
        "stream" => await StreamRun.RunAsync(arguments),
        "hold" => await HoldRun.RunAsync(arguments),
        "start" => await StartRun.RunAsync(arguments),
        "ready" => await ReadyRun.RunAsync(arguments),
        "report" => ReportRun.Run(arguments),
        _ => throw new UsageException("unknown mode"),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message + "\n" + Usage);
    return 2;
}
