namespace Gateway.Admission.Roles;

/// <summary>Something that may be done through the admin API. Every endpoint names the one it needs.</summary>
internal enum Permission
{
    /// <summary>See who one is. Whoever is somebody may.</summary>
    SelfView,

    /// <summary>See customers.</summary>
    CustomersView,

    /// <summary>Make, change and delete customers.</summary>
    CustomersChange,

    /// <summary>See teams.</summary>
    TeamsView,

    /// <summary>Make, change and delete teams.</summary>
    TeamsChange,

    /// <summary>See users.</summary>
    UsersView,

    /// <summary>Make, change and delete users.</summary>
    UsersChange,

    /// <summary>See keys; never their values.</summary>
    KeysView,

    /// <summary>Make, change, rotate, disable and delete keys.</summary>
    KeysChange,

    /// <summary>See budgets and other limits, and what is left of them.</summary>
    BudgetsView,

    /// <summary>See providers; never their credentials.</summary>
    ProvidersView,

    /// <summary>See routes.</summary>
    RoutesView,

    /// <summary>See prices.</summary>
    PricesView,

    /// <summary>See the ledger.</summary>
    LedgerView,

    /// <summary>See the audit log, and have it checked.</summary>
    AuditView,

    /// <summary>Take the whole audit log away.</summary>
    AuditExport,

    /// <summary>Say who has which role.</summary>
    RolesChange,

    /// <summary>Set running what runs by itself otherwise, such as reconciliation.</summary>
    Run,
}
