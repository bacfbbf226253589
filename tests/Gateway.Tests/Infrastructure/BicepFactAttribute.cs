namespace Gateway.Tests.Infrastructure;

/// <summary>A test that needs the Bicep compiler, which comes as a package for Linux on x64; elsewhere it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute()
    {
        if (Bicep.Path is null)
            Skip = "The Bicep compiler's package is for Linux on x64.";
    }
}
