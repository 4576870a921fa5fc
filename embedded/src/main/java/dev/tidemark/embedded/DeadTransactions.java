package dev.tidemark.embedded;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kafka.coordinator.transaction.TransactionCoordinator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Aborts the transactions that an earlier life of the broker left open. Their producers ended when it ended, and
 * readers of what is committed would wait until the transactions time out, which takes days here.
 */
final class DeadTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(DeadTransactions.class);
    private static final scala.collection.immutable.Set<String> ONGOING =
            CollectionConverters.asScala(Set.of("Ongoing")).<String>toSet();

    private final TransactionCoordinator coordinator;
    private final String bootstrapServers;

    DeadTransactions(TransactionCoordinator coordinator, String bootstrapServers) {
        this.coordinator = coordinator;
        this.bootstrapServers = bootstrapServers;
    }

    /** Waits until the coordinator has loaded the transactions, as any producer would have to. */
    void abort() throws Exception {
        List<String> ids = ongoing();
        if (ids.isEmpty()) {
            return;
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.fenceProducers(ids).all().get();
        }
        LOG.info("Aborted the transactions of an earlier run: {}", ids);
    }

    private List<String> ongoing() throws Exception {
        // An id that nobody has is not found once all ids are loaded; the topic has one partition.
        while (coordinator.handleDescribeTransactions("any").errorCode() != Errors.TRANSACTIONAL_ID_NOT_FOUND.code()) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        // Its leader may begin anew meanwhile.
        ListTransactionsResponseData answer = Loaded.answer(
                () -> coordinator.handleListTransactions(
                        scala.collection.immutable.Set$.MODULE$.empty(), ONGOING, -1, null),
                ListTransactionsResponseData::errorCode);
        Errors.forCode(answer.errorCode()).maybeThrow();
        return answer.transactionStates().stream()
                .map(TransactionState::transactionalId)
                .toList();
    }
}
