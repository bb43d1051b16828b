import FoveaData

extension TrainingRun {
  /// Where a pass's examples come from at the moment. It can be made anew at any time: nothing is lost with it but time.
  struct Feed {
    private var stream: BatchStream?
    /// What the next steps take their examples from; nil where that must be read.
    var batch: Batch?

    /// A stream has one consumer: a copy of a run reads on by itself.
    mutating func stream(of loader: BatchLoader, epoch: Int, from first: Int) -> BatchStream {
      if isKnownUniquelyReferenced(&stream), let stream { return stream }
      let fresh = loader.batches(epoch: epoch, from: first)
      stream = fresh
      return fresh
    }
  }
}
