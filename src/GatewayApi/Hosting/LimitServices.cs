using Gateway.Admission.Directory;
using Gateway.Budgets;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.State;

namespace GatewayApi.Hosting;

/// <summary>Composes what keeps the limits of callers.</summary>
internal static class LimitServices
{
    public static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<ISpendingRecord>(s => new LedgerSpending(s.GetRequiredService<Ledger>()));
        services.AddSingleton<ILimitEvents, LimitEventPublisher>();
        services.AddSingleton(CreateBook);
        services.AddSingleton<WorstCaseEstimator>();
        services.AddSingleton<ILimitHeaders, LimitHeaders>();
        services.AddSingleton<BudgetStage>();
        services.AddSingleton<StoredBudgetStage>();
    }

    private static AllowanceBook CreateBook(IServiceProvider services)
    {
        var book = new AllowanceBook(
            new AllowanceBookOptions { Replica = services.GetRequiredService<Ledger>().Replica },
            services.GetRequiredService<IStateStore>(),
            services.GetRequiredService<ISpendingRecord>(),
            services.GetRequiredService<ILimitEvents>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<AllowanceBook>>());
        var directory = services.GetRequiredService<IDirectory>();
        book.Start(id => Find(directory.Current, id)); // what an earlier life of this replica held is settled at once
        return book;
    }

    /// <summary>The limit with this id, which begins with its owner's kind and id; null when there is none any more.</summary>
    private static LimitSpec? Find(DirectorySnapshot directory, string id) =>
        id.Split(':') is [var word, var owner, _] && EntityKinds.Parse(word) is { } kind && directory.Find(kind, owner) is { } entity
            ? LimitCompiler.Compile(kind, entity.Value).FirstOrDefault(limit => limit.Id == id)
            : null;
}
