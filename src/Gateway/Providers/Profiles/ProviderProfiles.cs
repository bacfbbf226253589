using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Providers.Profiles;

/// <summary>The embedded provider profiles, in the order in which the environment enables them.</summary>
internal static class ProviderProfiles
{
    /// <summary>Id of the built-in simulator, which is switched on by its own section and never declared as a provider.</summary>
    public const string Simulator = "simulator";

    /// <summary>Every operation, in the order to list them.</summary>
    public static readonly IReadOnlyList<Operation> Operations = Enum.GetValues<Operation>();

    private static readonly int[] UsuallyRetryable = [408, 409, 425, 429, 500, 502, 503, 504];

    private static readonly Lazy<IReadOnlyList<ProviderProfile>> Loaded = new(Read);

    /// <summary>Every profile.</summary>
    public static IReadOnlyList<ProviderProfile> All => Loaded.Value;

    /// <summary>The profile with this id, or null.</summary>
    public static ProviderProfile? Find(string id)
    {
        foreach (var profile in All)
        {
            if (profile.Id == id) return profile;
        }

        return null;
    }

    /// <summary>The name of an operation in <c>paths</c> here and in gateway.json.</summary>
    public static string PathName(Operation operation) => operation switch
    {
        Operation.ChatCompletions => "chatCompletions",
        Operation.Responses => "responses",
        Operation.Completions => "completions",
        Operation.Embeddings => "embeddings",
        Operation.Messages => "messages",
        Operation.GenerateContent => "generateContent",
        Operation.Converse => "converse",
        Operation.InvokeModel => "invokeModel",
        Operation.CohereChat => "cohereChat",
        Operation.OllamaChat => "ollamaChat",
        Operation.EmbedContent => "embedContent",
        Operation.BatchEmbedContents => "batchEmbedContents",
        Operation.CohereEmbed => "cohereEmbed",
        Operation.Rerank => "rerank",
        Operation.OllamaEmbed => "ollamaEmbed",
        Operation.ImageGenerations => "imageGenerations",
        Operation.ImageEdits => "imageEdits",
        Operation.Moderations => "moderations",
        Operation.Speech => "speech",
        Operation.Transcriptions => "transcriptions",
        Operation.Translations => "translations",
        Operation.Files => "files",
        Operation.Batches => "batches",
        Operation.Realtime => "realtime",
        Operation.CohereRerank => "cohereRerank",
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    // Read at every start, so written for little to compile: JsonDocument comes precompiled, where a serializer or queries over
    // JSON structs would take longer to warm up than this file takes to read.
    private static List<ProviderProfile> Read()
    {
        using var stream = typeof(ProviderProfiles).Assembly.GetManifestResourceStream("Gateway.Providers.Profiles.profiles.json")
            ?? throw new InvalidOperationException("The embedded profiles.json is missing.");
        using var document = JsonDocument.Parse(stream);
        var profiles = new List<ProviderProfile>();
        foreach (var element in document.RootElement.GetProperty("profiles").EnumerateArray()) profiles.Add(ReadProfile(element, document.RootElement));
        return profiles;
    }

    private static ProviderProfile ReadProfile(JsonElement element, JsonElement document)
    {
        var credential = element.GetProperty("credential");
        return new ProviderProfile
        {
            Id = element.GetProperty("id").GetString()!,
            Name = element.GetProperty("name").GetString()!,
            TelemetryName = Text(element, "telemetryName"),
            BaseUrl = Text(element, "baseUrl"),
            BaseUrlVariables = Texts(element, "baseUrlVariables"),
            BareHost = element.TryGetProperty("bareHost", out var bare)
                ? new BareHostProfile(Text(bare, "scheme")!, bare.TryGetProperty("port", out var port) ? port.GetInt32() : null)
                : null,
            UrlVariables = ReadUrlVariables(element),
            Credential = new CredentialProfile(
                Text(credential, "header")!,
                Text(credential, "format")!,
                credential.GetProperty("required").GetBoolean(),
                Texts(credential, "variables"))
            {
                Scheme = Text(credential, "scheme") ?? "header",
            },
            BaseUrlChoices = ReadBaseUrlChoices(element),
            Headers = ReadPairs(element, "headers"),
            HeaderVariables = ReadPairs(element, "headerVariables"),
            Paths = ReadPaths(element.GetProperty("paths")),
            Models = element.TryGetProperty("models", out var models) ? new ModelDiscovery(Text(models, "path")!, Text(models, "shape")!) : null,
            RateLimits = ProfileErrors.ReadRateLimits(element, document),
            RetryableStatuses = element.TryGetProperty("retryable", out var statuses) ? Numbers(statuses) : UsuallyRetryable,
            Errors = ProfileErrors.ReadErrors(element),
            SupportsStreamUsage = Flag(element, "supportsStreamUsage"),
            ReasoningInOutput = Flag(element, "reasoningInOutput"),
        };
    }

    private static Dictionary<Operation, string> ReadPaths(JsonElement paths)
    {
        var found = new Dictionary<Operation, string>();
        foreach (var operation in Operations)
        {
            if (Text(paths, PathName(operation)) is { } path) found.Add(operation, path);
        }

        return found;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.GetBoolean();

    private static string[] Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Texts(value) : [];

    private static string[] Texts(JsonElement array)
    {
        var texts = new string[array.GetArrayLength()];
        for (var i = 0; i < texts.Length; i++) texts[i] = array[i].GetString()!;
        return texts;
    }

    private static int[] Numbers(JsonElement array)
    {
        var numbers = new int[array.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = array[i].GetInt32();
        return numbers;
    }

    private static List<KeyValuePair<string, IReadOnlyList<string>>> ReadUrlVariables(JsonElement element)
    {
        if (!element.TryGetProperty("urlVariables", out var members)) return [];
        var variables = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var member in members.EnumerateObject()) variables.Add(new(member.Name, Texts(member.Value)));
        return variables;
    }

    private static List<KeyValuePair<string, string>> ReadPairs(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var members)) return [];
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var member in members.EnumerateObject()) pairs.Add(new(member.Name, member.Value.GetString()!));
        return pairs;
    }

    private static List<BaseUrlChoice> ReadBaseUrlChoices(JsonElement element)
    {
        if (!element.TryGetProperty("baseUrlChoices", out var variables)) return [];
        var choices = new List<BaseUrlChoice>();
        foreach (var variable in variables.EnumerateObject())
        {
            foreach (var value in variable.Value.EnumerateObject()) choices.Add(new BaseUrlChoice(variable.Name, value.Name, value.Value.GetString()!));
        }

        return choices;
    }
}
