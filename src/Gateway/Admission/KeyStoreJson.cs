using System.Text.Json.Serialization;

namespace Gateway.Admission;

/// <summary>Source-generated JSON for what the key store keeps as text.</summary>
[JsonSerializable(typeof(List<string>))]
internal sealed partial class KeyStoreJson : JsonSerializerContext;
