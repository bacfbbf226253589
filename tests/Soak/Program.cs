using Soak;

if (args is ["gateway", .. var own])
    return await GatewayProgram.RunAsync(own);

SoakOptions options;
try
{
    options = SoakOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    await Console.Error.WriteLineAsync(SoakOptions.Usage);
    return 2;
}

var (report, isClean) = options.IsFlap ? await FlapRun.RunAsync() : await SoakRun.RunAsync(options);
Console.WriteLine();
Console.Write(report);
if (options.Save is not null)
    await File.WriteAllTextAsync(options.Save, report);
return isClean ? 0 : 1;
