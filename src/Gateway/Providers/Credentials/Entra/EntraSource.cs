namespace Gateway.Providers.Credentials.Entra;

/// <summary>Where tokens of Microsoft Entra ID come from.</summary>
internal enum EntraSource
{
    /// <summary>The identity of the machine, container or function the gateway runs in.</summary>
    ManagedIdentity,

    /// <summary>A token that Kubernetes keeps in a file, exchanged.</summary>
    WorkloadIdentity,

    /// <summary>An application with a secret.</summary>
    ClientSecret,

    /// <summary>Whoever is signed in with the <c>az</c> tool: for a developer's machine.</summary>
    AzureCli,
}
