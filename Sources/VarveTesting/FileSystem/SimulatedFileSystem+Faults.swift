package import VarveSystem

extension SimulatedFileSystem {
  /// What goes wrong from now on.
  public var faults: FaultPlan {
    get { withKernel { $0.faults } }
    set { withKernel { $0.faults = newValue } }
  }

  /// Which syncs say that they were done, and do nothing.
  package var silencedSyncs: SilencedSyncs? {
    get { withKernel { $0.silencedSyncs } }
    set { withKernel { $0.silencedSyncs = newValue } }
  }

  /// Called before each operation that changes something.
  package var onOperation: OperationHook? {
    get { withKernel { $0.onOperation } }
    set { withKernel { $0.onOperation = newValue } }
  }

  /// One in so many resident reads finds nothing in memory; none, if 0.
  public var coldReadOdds: Int {
    get { withKernel { $0.coldReadOdds } }
    set { withKernel { $0.coldReadOdds = newValue } }
  }

  /// The last operations.
  public var trace: OperationTrace { withKernel { $0.trace } }

  /// How many operations there were, whatever came of them.
  public var operationCount: Int { withKernel { $0.operationCount } }

  /// How many of them could have changed something: what ``stop(afterOperation:)`` counts.
  public var mutationCount: Int { withKernel { $0.mutationCount } }

  /// How many of them were `call`.
  package func count(of call: SystemCall) -> Int { withKernel { $0.counts[call] ?? 0 } }

  /// How many of them were of a kind.
  public func operationCount(of operation: FaultPlan.Operation) -> Int { count(of: operation.call) }

  /// How many descriptors are open.
  public var openDescriptorCount: Int { withKernel { $0.descriptors.count } }

  /// The paths under which they were opened.
  package var openPaths: [String] { withKernel { $0.descriptors.values.map(\.path).sorted() } }

  /// How many mappings there are.
  public var mappingCount: Int {
    withKernel { kernel in
      kernel.mappings.values.reduce(0) { $0 + ($1.inode == nil ? 0 : $1.count) }
    }
  }

  /// How many bytes files take, in whole pages, with or without names.
  package var usedByteCount: Int { withKernel { $0.usedByteCount } }

  /// How many of them are those of files that have lost their names, and are open.
  package var unnamedByteCount: Int {
    withKernel { kernel in
      kernel.files.values.reduce(0) { sum, file in
        sum + (file.isInUse && !file.isNamed ? file.allocated.count * PageImage.byteCount : 0)
      }
    }
  }

  /// How many changes of names no sync of a directory has made durable yet.
  public var unsyncedNameCount: Int { withKernel { $0.names.unsynced.count } }

  /// The names of the files, by inode, whose bytes or lengths no sync has made durable yet.
  package var unsyncedInodes: [Int64] {
    withKernel { kernel in kernel.files.values.filter(\.isUnsynced).map(\.inode).sorted() }
  }
}
