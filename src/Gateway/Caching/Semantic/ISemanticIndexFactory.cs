namespace Gateway.Caching.Semantic;

/// <summary>A kind of index that this build has besides the embedded one.</summary>
internal interface ISemanticIndexFactory
{
    /// <summary>What <c>semanticIndex.store</c> calls it.</summary>
    string Store { get; }

    /// <summary>Makes one; nothing is called yet.</summary>
    ISemanticIndex Create(SemanticIndexOptions options);
}
