namespace Gateway.Admission.Directory;

/// <summary>How entities are kept in the journal. One reading and one set of rules serve it, the admin API and gateway.json.</summary>
internal interface IEntityFormat
{
    /// <summary>The entity as UTF-8 JSON, key hashes included. The same entity gives the same bytes.</summary>
    byte[] Write(Entity entity);

    /// <summary>Reads what <see cref="Write"/> wrote. Members that a newer gateway has added are passed over.</summary>
    /// <exception cref="InvalidDataException">It is not an entity of this kind.</exception>
    Entity Read(EntityKind kind, ReadOnlySpan<byte> json);

    /// <summary>Everything that is wrong with an entity by itself: path and how to mend it.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Check(Entity entity);
}
