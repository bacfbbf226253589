using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>Reads the embedded catalogue: one JSON object per line. See Data/NOTICE.md for the form.</summary>
internal ref struct CatalogueReader
{
    private const string Resource = "Gateway.Providers.Catalogue.models.jsonl";

    private static readonly string[] CapabilityNames =
        ["tools", "vision", "json_schema", "reasoning", "pdf", "audio_in", "audio_out", "video_in"];

    // Few combinations occur, so models share one list for each instead of holding thousands of equal ones.
    private readonly IReadOnlyList<string>?[] _capabilitySets;
    private readonly string _version;
    private string _provider;
    private string _mode;

    private CatalogueReader(string version)
    {
        _capabilitySets = new IReadOnlyList<string>?[1 << CapabilityNames.Length];
        _version = version;
        _provider = _mode = "";
    }

    /// <summary>Reads the resource of this assembly and adds the simulator's models.</summary>
    public static ModelCatalogue ReadEmbedded()
    {
        using var stream = typeof(CatalogueReader).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from the build.");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return Read(data);
    }

    /// <summary>Opens a catalogue in the embedded form: finds each provider's lines, which stand together.</summary>
    /// <exception cref="JsonException">The first line is not the header, or a provider's lines do not stand together.</exception>
    public static ModelCatalogue Read(ReadOnlyMemory<byte> data)
    {
        var headerEnd = data.Span.IndexOf((byte)'\n');
        var asOf = ReadHeader(data.Span[..Math.Max(headerEnd, 0)]);
        var version = $"catalogue:{asOf}";
        var providers = new Dictionary<string, ProviderCards>(StringComparer.Ordinal);
        for (var start = headerEnd + 1; start < data.Length;)
        {
            var section = Section(data.Span[start..], out var provider);
            if (!providers.TryAdd(provider, new ProviderCards(version, data.Slice(start, section))))
                throw new JsonException($"The catalogue's lines of {provider} do not stand together.");
            start += section;
        }

        providers[SimulatorCards.Provider] = new ProviderCards(null, [.. SimulatorCards.All(asOf)]);
        return new ModelCatalogue(asOf, providers);
    }

    /// <summary>Reads the lines of one provider.</summary>
    /// <exception cref="JsonException">A line is not JSON or lacks what it must have.</exception>
    /// <exception cref="FormatException">A price is negative or finer than a nano-dollar.</exception>
    public static List<ModelCard> ReadCards(string version, ReadOnlySpan<byte> lines)
    {
        // One reader over all lines: cheaper than one per line.
        var json = new Utf8JsonReader(lines, new JsonReaderOptions { AllowMultipleValues = true });
        var reader = new CatalogueReader(version);
        var cards = new List<ModelCard>();
        while (json.Read())
            cards.Add(reader.ReadCard(ref json));
        return cards;
    }

    private static string ReadHeader(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        if (json.Read() && json.Read() && json.ValueTextEquals("as_of"u8) && json.Read() && json.GetString() is { } asOf)
            return asOf;
        throw new JsonException("The catalogue must begin with {\"as_of\":…}.");
    }

    /// <summary>The length of the lines at the start that name the same provider.</summary>
    private static int Section(ReadOnlySpan<byte> data, out string provider)
    {
        var json = new Utf8JsonReader(data, new JsonReaderOptions { AllowMultipleValues = true });
        if (!json.Read() || !json.Read() || !json.ValueTextEquals("p"u8) || !json.Read() || json.GetString() is not { } name)
            throw new JsonException("A catalogue line must begin with {\"p\":…}.");
        provider = name;
        var prefix = data[..(int)json.BytesConsumed];
        var length = 0;
        while (data[length..].StartsWith(prefix))
        {
            var end = data[length..].IndexOf((byte)'\n');
            length = end < 0 ? data.Length : length + end + 1;
        }

        return length;
    }

    private ModelCard ReadCard(ref Utf8JsonReader json)
    {
        string? id = null;
        var prices = new PriceFields();
        UnitPrice? units = null;
        List<PriceTier>? tiers = null;
        int? context = null, longest = null;
        var capabilities = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("p"u8)) _provider = ReadShared(ref json, _provider);
            else if (json.ValueTextEquals("id"u8)) { json.Read(); id = json.GetString(); }
            else if (json.ValueTextEquals("mode"u8)) _mode = ReadShared(ref json, _mode);
            else if (prices.TryRead(ref json)) continue;
            else if (json.ValueTextEquals("units"u8)) units = ReadUnits(ref json);
            else if (json.ValueTextEquals("ctx"u8)) { json.Read(); context = json.GetInt32(); }
            else if (json.ValueTextEquals("max"u8)) { json.Read(); longest = json.GetInt32(); }
            else if (json.ValueTextEquals("cap"u8)) capabilities = ReadCapabilities(ref json);
            else if (json.ValueTextEquals("tiers"u8)) tiers = ReadTiers(ref json);
            else throw new JsonException($"Unknown catalogue member {json.GetString()}.");
        }

        return new ModelCard(_provider, id ?? throw new JsonException("A catalogue line has no id."), _mode)
        {
            Price = prices.ToPrice(_version, tiers ?? []),
            Units = units,
            ContextWindow = context,
            MaxOutput = longest,
            Capabilities = _capabilitySets[capabilities] ??= Expand(capabilities),
        };
    }

    /// <summary>Neighbouring lines mostly repeat the value: keep one string.</summary>
    private static string ReadShared(ref Utf8JsonReader json, string previous)
    {
        json.Read();
        return json.ValueTextEquals(previous) ? previous : json.GetString()!;
    }

    private readonly List<PriceTier> ReadTiers(ref Utf8JsonReader json)
    {
        var tiers = new List<PriceTier>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var prices = new PriceFields();
            var above = 0L;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (prices.TryRead(ref json)) continue;
                json.Read();
                above = json.GetInt64();
            }

            // A tier whose prices are not all known says nothing: the base price stands.
            if (prices.ToPrice(_version, []) is { } price)
                tiers.Add(new PriceTier(above, price));
        }

        return tiers;
    }

    private readonly UnitPrice ReadUnits(ref Utf8JsonReader json)
    {
        var units = new UnitPrice(_version);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var unit = json.GetString();
            json.Read();
            var price = MoneyText.ReadNanoUsd(ref json);
            units = unit switch
            {
                "search" => units with { Search = price },
                "image" => units with { Image = price },
                "megapixel" => units with { Megapixel = price },
                "minute" => units with { AudioMinute = price },
                "mchar" => units with { MillionCharacters = price },
                _ => throw new JsonException($"Unknown unit {unit}."),
            };
        }

        return units;
    }

    private static int ReadCapabilities(ref Utf8JsonReader json)
    {
        var set = 0;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            var index = 0;
            while (index < CapabilityNames.Length && !json.ValueTextEquals(CapabilityNames[index])) index++;
            if (index == CapabilityNames.Length) throw new JsonException($"Unknown capability {json.GetString()}.");
            set |= 1 << index;
        }

        return set;
    }

    private static string[] Expand(int set) => [.. CapabilityNames.Where((_, index) => (set >> index & 1) != 0)];

    /// <summary>Prices of one model or tier while they are being read; nano-dollars per million tokens.</summary>
    private struct PriceFields
    {
        private long? _input, _output, _cacheRead, _cacheWrite, _reasoning, _audioInput, _audioOutput, _batchInput, _batchOutput;

        /// <summary>Takes the value when the current member is a price.</summary>
        public bool TryRead(ref Utf8JsonReader json)
        {
            if (json.ValueTextEquals("in"u8)) _input = Next(ref json);
            else if (json.ValueTextEquals("out"u8)) _output = Next(ref json);
            else if (json.ValueTextEquals("cr"u8)) _cacheRead = Next(ref json);
            else if (json.ValueTextEquals("cw"u8)) _cacheWrite = Next(ref json);
            else if (json.ValueTextEquals("rs"u8)) _reasoning = Next(ref json);
            else if (json.ValueTextEquals("ai"u8)) _audioInput = Next(ref json);
            else if (json.ValueTextEquals("ao"u8)) _audioOutput = Next(ref json);
            else if (json.ValueTextEquals("bi"u8)) _batchInput = Next(ref json);
            else if (json.ValueTextEquals("bo"u8)) _batchOutput = Next(ref json);
            else return false;
            return true;
        }

        /// <summary>The price, or null when input or output is unknown: half a price is not one.</summary>
        public readonly ModelPrice? ToPrice(string version, List<PriceTier> tiers) =>
            _input is not { } input || _output is not { } output ? null : new ModelPrice(version, input, output)
            {
                CacheRead = _cacheRead,
                CacheWrite = _cacheWrite,
                Reasoning = _reasoning,
                AudioInput = _audioInput,
                AudioOutput = _audioOutput,
                BatchInput = _batchInput,
                BatchOutput = _batchOutput,
                Tiers = tiers,
            };

        private static long Next(ref Utf8JsonReader json)
        {
            json.Read();
            return MoneyText.ReadNanoUsd(ref json);
        }
    }
}
