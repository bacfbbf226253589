using Gateway.Admission.Directory;
using Gateway.Admission.Roles;
using Gateway.Audit;
using Gateway.Budgets;
using Gateway.Configuration;
using Gateway.Events;
using Gateway.State;
using Gateway.State.Journal;

namespace GatewayApi.Hosting;

/// <summary>Composes what stands behind the admin API.</summary>
internal static class AdminAccessServices
{
    /// <summary>Adds it. Other ways to prove who one is are further <see cref="IPrincipalSource"/>s.</summary>
    public static void AddAdmin(this IServiceCollection services, GatewayStartup startup)
    {
        services.AddSingleton<IAuditLog>(s => new AuditLog(
            s.GetRequiredService<StateJournal>(), s.GetRequiredService<IEventBus>(), startup.Time, s.GetRequiredService<ILogger<AuditLog>>()));
        services.AddSingleton<IPrincipalSource, AdminKeySource>();
        foreach (var source in startup.PrincipalSources)
            services.AddSingleton(source);
        services.AddSingleton<AdminAccess>();
        services.AddSingleton(s => new LimitReader(s.GetRequiredService<IStateStore>(), startup.Time));
        services.AddSingleton(s => new DirectoryAccess(
            s.GetRequiredService<IDirectory>(), s.GetRequiredService<KeyOperations>(), name => Addresses(s.GetRequiredService<SnapshotHolder>(), name)));
    }

    private static IReadOnlyList<string> Addresses(SnapshotHolder snapshots, string name) =>
        snapshots.Current.Models.Resolve(name) is { } route ? [.. route.Targets.Select(t => t.Address)] : [];
}
