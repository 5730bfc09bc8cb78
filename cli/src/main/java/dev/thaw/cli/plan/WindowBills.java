package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanFigures.Bill;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What each window of time costs, by account: the whole fleet has one, or each of some functions. */
final class WindowBills {
    private final Windows windows;
    private final PlanFigures figures;
    private final List<Account> accounts = new ArrayList<>();
    private int window;

    WindowBills(Windows windows, PlanFigures figures) {
        this.windows = windows;
        this.figures = figures;
    }

    private final class Account {
        final double[] usd = new double[windows.count()];
        private final double heldGbS;
        private final Supplier<Bill> soFar;
        private Bill billed = new Bill(0, 0, 0, 0);

        Account(double heldGb, Supplier<Bill> soFar) {
            heldGbS = heldGb * windows.seconds();
            this.soFar = soFar;
        }

        void bill() {
            Bill now = soFar.get();
            usd[window] = figures.usd(now.since(billed), heldGbS);
            billed = now;
        }
    }

    /**
     * Opens an account. Returns the USD of each window, which are there when it is over.
     *
     * @param heldGb memory of its provisioned concurrency
     */
    double[] open(double heldGb, Supplier<Bill> soFar) {
        Account account = new Account(heldGb, soFar);
        accounts.add(account);
        return account.usd;
    }

    /** Closes the bills of windows that are over; the last one is when everything is. */
    void until(long nowNs) {
        while (windows.isOver(window, nowNs)) {
            close();
            window++;
        }
    }

    /** Everything is over. */
    void close() {
        accounts.forEach(Account::bill);
    }
}
